import type { Mode } from '../../../config/modes.ts'
import type { Offers } from '../../../machines/match/seat-news.ts'
import type { Proposal } from '../../../matchmaker/api.ts'
import type { Clock, Log } from '../../../ports.ts'
import type { MatchId } from '../../../protocol/ids.ts'
import { tellOffers } from '../../match-announcements.ts'
import type { MatchService, People } from '../../ports.ts'
import type { Lifecycle } from '../tickets/lifecycle.ts'
import type { Ticket, TicketRegistry } from '../tickets/tickets.ts'
import type { Matchmaking } from './matchmaking.ts'
import type { OpenMatches } from './open-matches.ts'
import { seatsOf } from './seats.ts'

interface MatchingParts {
  modes: ReadonlyMap<string, Mode>
  tickets: TicketRegistry
  lifecycle: Lifecycle
  matchmaking: Pick<Matchmaking, 'confirm' | 'reject' | 'remove'>
  openMatches: OpenMatches
  matchService: Pick<MatchService, 'open' | 'offerSeats'>
  people: People
  isDrained: () => boolean
  clock: Clock
  log: Log
}

/** Takes a proposal of the matchmaker to seats in a match, or its tickets back to the search. */
export function createMatching(parts: MatchingParts) {
  const { modes, tickets, lifecycle, matchmaking, openMatches, matchService, people, isDrained, clock, log } = parts

  function propose(proposal: Proposal): void {
    const mode = modes.get(proposal.mode) as Mode
    const group = proposal.teams.flat().flatMap(({ id }) => tickets.get(id) ?? [])
    const made = proposal.backfill ? joinMatch(mode, proposal, group) : makeMatch(mode, proposal, group)
    // A fault with one group must not stop the others.
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
      for (const { id } of group.flatMap(({ members }) => members)) people.tell(id, 'match:proposed', opened.proposal)
    return matchId
  }

  /** Seats the group in a running match that has room; tickets that get no seat search on. */
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
      else if (isDrained()) lifecycle.apply(ticket, { type: 'suspended' })
      else lifecycle.attend(ticket)
    }
    return null
  }

  /** Ends the tickets that have seats; the others search on. */
  function settle(group: readonly Ticket[], offers: Offers): void {
    confirmed(offers)
    for (const ticket of group) lifecycle.searchOn(ticket)
  }

  /** The seats are certain: ends the tickets of these players, and tells them where to go. */
  function confirmed(offers: Offers): void {
    for (const one of offers) {
      const ticket = tickets.of(one.playerId)
      if (ticket) lifecycle.apply(ticket, { type: 'seated', matchId: one.offer.matchId })
      tellOffers(parts, [one])
    }
  }

  return { propose, confirmed }
}
