import type { Mode } from '../../modes.ts'
import type { Clock, Log } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Proposal } from '../matchmaker/face.ts'
import type { CancelledMatch, MatchDesk, Offers, People, SeatOffer } from '../ports.ts'
import type { Entries, Entry } from './entries.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Matchmaking } from './matchmaking.ts'
import type { createOpenMatches } from './open-matches.ts'
import type { createOpponents } from './opponents.ts'
import type { createPenalties } from './penalties.ts'
import { seatsOf } from './seats.ts'

interface Progress {
  matchId: MatchId
  accepted: number
  size: number
  players: readonly PlayerId[]
}
interface MatchingParts {
  modes: ReadonlyMap<string, Mode>
  entries: Entries
  lifecycle: Lifecycle
  matchmaking: Matchmaking
  openMatches: ReturnType<typeof createOpenMatches>
  opponents: ReturnType<typeof createOpponents>
  penalties: ReturnType<typeof createPenalties>
  desk: MatchDesk
  people: People
  isDrained: () => boolean
  clock: Clock
  log: Log
}

/** From what the matchmaker proposes to seats in a match, or back to the search. */
export function createMatching(parts: MatchingParts) {
  const { modes, entries, lifecycle, matchmaking, openMatches, opponents, penalties, desk, people, clock, log } = parts
  /** Tickets that ended in a match which has not begun yet: it may still come to nothing. */
  const seated = new Map<MatchId, Entry[]>()

  function propose(proposal: Proposal): void {
    const mode = modes.get(proposal.mode) as Mode
    const group = proposal.teams.flat().flatMap(({ id }) => entries.get(id) ?? [])
    const match = proposal.backfill ? joinMatch(mode, proposal, group) : makeMatch(mode, proposal, group)
    for (const entry of group) entry.standing = { is: 'matching', match, proposal }
  }

  async function makeMatch(mode: Mode, proposal: Proposal, group: Entry[]): Promise<MatchId | null> {
    const matchId = await desk.open(mode, seatsOf(mode, proposal, group)).catch(() => null)
    const news = matchId && desk.announce(matchId)
    if (!news) return searchOn(proposal, group)
    matchmaking.confirm(proposal)
    for (const { standing } of group) if (standing.is === 'matching') standing.matchId = matchId
    if ('offers' in news) settle(group, news.offers)
    else for (const { members } of group) for (const { id } of members) people.tell(id, 'match:proposed', news.proposal)
    return matchId
  }

  /** Into a match that goes on and has room; whoever finds none after all searches on. */
  function joinMatch(mode: Mode, proposal: Proposal, group: Entry[]): Promise<MatchId | null> {
    const matchId = proposal.backfill as MatchId
    return openMatches.whileSeating(matchId, async () => {
      const offers = await desk.offerSeats(matchId, seatsOf(mode, proposal, group)).catch(() => null)
      if (!offers) return searchOn(proposal, group)
      matchmaking.confirm(proposal)
      settle(group, offers)
      return matchId
    })
  }

  function searchOn(proposal: Proposal, group: readonly Entry[]): null {
    log.warn({ tickets: group.length }, 'no match could be made, players search on')
    matchmaking.reject(proposal)
    for (const entry of group) {
      entry.standing = { is: 'searching' }
      if (!entries.has(entry)) matchmaking.remove(entry)
      else if (!lifecycle.isWhole(entry)) lifecycle.hold(entry)
    }
    return null
  }

  /** Those who have seats go there; whoever got none after all searches on. */
  function settle(group: readonly Entry[], offers: Offers): void {
    confirmed(offers)
    for (const entry of group) if (entries.has(entry)) lifecycle.search(entry)
  }

  /** The seats are sure: the tickets end, and everyone is told where to go. */
  function confirmed(offers: Offers): void {
    for (const { playerId, offer } of offers) seat(playerId, offer)
  }

  function seat(playerId: PlayerId, offer: SeatOffer): void {
    const entry = entries.of(playerId)
    if (entry) {
      seated.set(offer.matchId, [...(seated.get(offer.matchId) ?? []), entry])
      lifecycle.end(entry, 'matched', offer.matchId)
    }
    people.tell(playerId, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now() })
  }

  function progressed({ matchId, accepted, size, players }: Progress): void {
    for (const playerId of players) people.tell(playerId, 'match:progress', { matchId, accepted, size })
  }

  /** From here on nobody goes back to the queue. */
  function began(matchId: MatchId, teams: readonly (readonly PlayerId[])[]): void {
    seated.delete(matchId)
    opponents.met(teams)
  }

  /** Who let the match down is out, and waits; tickets of which nobody did search on as old as they were. */
  function cancelled({ matchId, reason, innocent, others, isOver }: CancelledMatch): void {
    const guilty = new Set(others.map(({ playerId }) => playerId))
    const concerned = new Set([...innocent, ...others].map(({ playerId }) => playerId))
    const waiting = new Set([...concerned].flatMap((id) => waitingFor(matchId, id) ?? []))
    const former = (seated.get(matchId) ?? []).filter(({ members }) => members.some(({ id }) => concerned.has(id)))
    if (isOver) seated.delete(matchId)
    const back = [...waiting, ...former].filter((entry) => mayReturn(entry, waiting, guilty))
    const returning = new Set(back.flatMap(({ members }) => members.map(({ id }) => id)))
    for (const playerId of concerned) {
      people.tell(playerId, 'match:cancelled', { matchId, reason, requeued: returning.has(playerId) })
      if (isOver && guilty.has(playerId) && reason !== 'operator') void penalties.punish(playerId)
    }
    for (const entry of waiting) if (!back.includes(entry)) lifecycle.end(entry, 'declined')
    for (const entry of back) {
      if (waiting.has(entry)) lifecycle.search(entry)
      else void lifecycle.reopen(entry)
    }
  }

  /** A ticket that waited for all to accept searches on; one that ended has a successor, if all of it are here and free. */
  function mayReturn({ members }: Entry, waiting: ReadonlySet<Entry>, guilty: ReadonlySet<PlayerId>): boolean {
    if (parts.isDrained() || members.some(({ id }) => guilty.has(id))) return false
    return members.every(({ id }) => {
      const entry = entries.of(id)
      return entry ? waiting.has(entry) : people.isOnline(id) && !desk.isSeated(id)
    })
  }

  /** The player's ticket, if it is this match that it waits for. */
  function waitingFor(matchId: MatchId, playerId: PlayerId): Entry | null {
    const entry = entries.of(playerId)
    return entry?.standing.is === 'matching' && entry.standing.matchId === matchId ? entry : null
  }

  return { propose, news: { progressed, confirmed, cancelled, began, roomChanged: openMatches.changed } }
}
