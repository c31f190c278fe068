import type { Mode } from '../../../config/modes.ts'
import type { Proposal } from '../../../matchmaker/api.ts'
import type { Clock, Log } from '../../../ports.ts'
import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { MatchService, Offers, People, SeatOffer } from '../../ports.ts'
import type { SeatIndex } from '../../seats/seat-index.ts'
import { tellCancelled } from '../../tell-cancelled.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { Excuses } from '../penalties/excuses.ts'
import { createRequeue } from '../requeue.ts'
import type { Ticket, TicketRegistry } from '../tickets.ts'
import type { Matchmaking } from './matchmaking.ts'
import type { createOpenMatches } from './open-matches.ts'
import type { createRecentOpponents } from './recent-opponents.ts'
import { seatsOf } from './seats.ts'

interface Progress {
  matchId: MatchId
  accepted: number
  size: number
  players: readonly PlayerId[]
}
interface MatchingParts {
  modes: ReadonlyMap<string, Mode>
  tickets: TicketRegistry
  lifecycle: Lifecycle
  matchmaking: Matchmaking
  openMatches: ReturnType<typeof createOpenMatches>
  opponents: ReturnType<typeof createRecentOpponents>
  /** Somebody has let a match down. */
  punish: (playerId: PlayerId, reason: string) => Promise<void>
  excuses: Excuses
  matchService: MatchService
  seats: SeatIndex
  people: People
  isTogether: (ticket: Ticket) => boolean
  isDrained: () => boolean
  clock: Clock
  log: Log
}

/** From what the matchmaker proposes to seats in a match, or back to the search. */
export function createMatching(parts: MatchingParts) {
  const {
    modes,
    tickets,
    lifecycle,
    matchmaking,
    openMatches,
    opponents,
    excuses,
    matchService,
    seats,
    people,
    clock,
    log,
  } = parts
  const { matchedTickets } = lifecycle

  function propose(proposal: Proposal): void {
    const mode = modes.get(proposal.mode) as Mode
    const group = proposal.teams.flat().flatMap(({ id }) => tickets.get(id) ?? [])
    const made = proposal.backfill ? joinMatch(mode, proposal, group) : makeMatch(mode, proposal, group)
    // What goes wrong with one group is no end of the others.
    const match = made.catch((err: unknown) => {
      log.error({ mode: mode.id, tickets: group.map(({ id }) => id), err }, 'a proposed match went wrong')
      return null
    })
    for (const ticket of group) lifecycle.propose(ticket, proposal, match)
  }

  async function makeMatch(mode: Mode, proposal: Proposal, group: Ticket[]): Promise<MatchId | null> {
    const opened = await matchService.open(mode, seatsOf(mode, proposal, group)).catch(() => null)
    if (!opened) return searchOn(proposal, group)
    const { matchId } = opened
    matchmaking.confirm(proposal)
    openMatches.matched(matchId, proposal)
    for (const ticket of group) lifecycle.apply(ticket, { type: 'match.stored', matchId, at: clock.now() })
    if ('offers' in opened) settle(group, opened.offers)
    else
      for (const { members } of group) for (const { id } of members) people.tell(id, 'match:proposed', opened.proposal)
    return matchId
  }

  /** Into a match that goes on and has room; whoever finds none after all searches on. */
  function joinMatch(mode: Mode, proposal: Proposal, group: Ticket[]): Promise<MatchId | null> {
    const matchId = proposal.backfill as MatchId
    return openMatches.whileSeating(matchId, proposal, async () => {
      const offers = await matchService.offerSeats(matchId, seatsOf(mode, proposal, group)).catch(() => null)
      if (!offers) return searchOn(proposal, group)
      matchmaking.confirm(proposal)
      openMatches.matched(matchId, proposal)
      settle(group, offers)
      return matchId
    })
  }

  function searchOn(proposal: Proposal, group: readonly Ticket[]): null {
    log.warn({ tickets: group.length }, 'no match could be made, players search on')
    matchmaking.reject(proposal, group)
    for (const ticket of group) {
      lifecycle.apply(ticket, { type: 'proposal.rejected' })
      if (ticket.state.is !== 'searching') matchmaking.remove(ticket)
      else if (parts.isDrained()) lifecycle.apply(ticket, { type: 'suspended' })
      else lifecycle.attend(ticket)
    }
    return null
  }

  /** Those who have seats go there; whoever got none after all searches on. */
  function settle(group: readonly Ticket[], offers: Offers): void {
    confirmed(offers)
    for (const ticket of group) lifecycle.searchOn(ticket)
  }

  /** The seats are sure: the tickets end, and everyone is told where to go. */
  function confirmed(offers: Offers): void {
    for (const { playerId, offer } of offers) seat(playerId, offer)
  }

  function seat(playerId: PlayerId, offer: SeatOffer): void {
    const ticket = tickets.of(playerId)
    if (ticket) lifecycle.apply(ticket, { type: 'seated', matchId: offer.matchId })
    tellSeat(playerId, offer)
  }

  function tellSeat(playerId: PlayerId, offer: SeatOffer): void {
    people.tell(playerId, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now() })
  }

  function progressed({ matchId, accepted, size, players }: Progress): void {
    for (const playerId of players) people.tell(playerId, 'match:progress', { matchId, accepted, size })
  }

  /** From here on nobody goes back to the queue. */
  function began(matchId: MatchId, teams: readonly (readonly PlayerId[])[]): void {
    matchedTickets.began(matchId)
    opponents.met(teams)
  }

  function ended(matchId: MatchId): void {
    matchedTickets.ended(matchId)
    excuses.forget(matchId)
    openMatches.ended(matchId)
  }

  /** The match goes on without these; who lost a seat that was kept for them hears why. */
  function left(matchId: MatchId, players: readonly PlayerId[], noShows: readonly PlayerId[]): void {
    matchedTickets.left(matchId, players)
    const news = { matchId, reason: 'noShow', wasProposed: false, requeued: false } as const
    for (const playerId of noShows) tellCancelled(people, playerId, news)
  }

  /** The same players have agreed on another match. */
  function rematched(offers: Offers, rematchOf: MatchId): void {
    for (const { playerId, offer } of offers)
      people.tell(playerId, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now(), rematchOf })
  }

  /** Whoever stays away from the beginning of play waits as one who has left before it. */
  function deserted(matchId: MatchId, players: readonly PlayerId[]): void {
    for (const playerId of players) if (!excuses.of(matchId, playerId)) void parts.punish(playerId, 'left')
  }

  /** Whoever was asked, or has a seat, learns that there is more time. */
  function delayed(matchId: MatchId, players: readonly PlayerId[]): void {
    const news = seats.announcementOf(matchId)
    if (!news) return
    if ('proposal' in news) for (const playerId of players) people.tell(playerId, 'match:proposed', news.proposal)
    else for (const { playerId, offer } of news.offers) if (players.includes(playerId)) tellSeat(playerId, offer)
  }

  const cameInVain = (matchId: MatchId, playerId: PlayerId) => excuses.add(matchId, playerId, 'unheard')

  const { cancelled } = createRequeue(parts)
  const news = {
    delayed,
    cameInVain,
    progressed,
    confirmed,
    cancelled,
    left,
    deserted,
    rematched,
    began,
    ended,
    roomChanged: openMatches.changed,
  }
  return { propose, news }
}
