import type { Mode } from '../modes.ts'
import type { Cancel, Clock, EpochMs, Log, NewId } from '../ports.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { MatchId, PlayerId, TicketId } from '../protocol/ids.ts'
import type { lobby } from '../protocol/lobby.ts'
import { accept, type Refusal, refuse } from '../protocol/reply.ts'
import { createMatchmaker, type Proposal, type Ticket } from './matchmaker/oldest-first.ts'
import type { CancelledMatch, MatchDesk, Offers, People, SeatOffer } from './ports.ts'
import { createRounds } from './rounds.ts'
import { createWaits } from './waits.ts'

type JoinRequest = PayloadOf<(typeof lobby.requests)['queue:join']>
type Joined = AnswerOf<(typeof lobby.requests)['queue:join']>
type Left = AnswerOf<(typeof lobby.requests)['queue:leave']>
type TicketView = Joined['ticket']
type EndReason = 'matched' | 'cancelled' | 'expired' | 'declined' | 'drained'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const AWAY_MS = 15_000
const RETRY_MS = 1_000

/** Where a ticket stands: `held` while its player is away, `matching` from the decision on until the seats are sure. */
type Standing =
  | { is: 'searching' }
  | { is: 'held'; letGo: Cancel }
  | { is: 'matching'; match: Promise<MatchId | null>; matchId?: MatchId }
interface Progress {
  matchId: MatchId
  accepted: number
  size: number
  players: readonly PlayerId[]
}
interface Entry {
  ticket: Ticket
  player: { id: PlayerId; name: string }
  standing: Standing
}
export interface QueueParts {
  modes: ReadonlyMap<string, Mode>
  desk: MatchDesk
  people: People
  clock: Clock
  newId: NewId
  log: Log
}
export type Queue = ReturnType<typeof createQueue>

/** Those who wait for a match. One ticket per player, whichever tab asks; every ticket ends exactly once. */
export function createQueue({ modes, desk, people, clock, newId, log }: QueueParts) {
  const matchmaker = createMatchmaker([...modes.values()].map(toMatchmaker))
  const entries = new Map<PlayerId, Entry>()
  const waits = createWaits()
  const rounds = createRounds<Entry>(clock, tellProgress)
  let cancelTick: Cancel = () => {}
  let isDrained = false

  function join(player: { id: PlayerId; name: string }, { mode }: JoinRequest): Joined | Refusal {
    if (isDrained) return refuse('DRAINING')
    if (!desk.isOpen()) return refuse('UNAVAILABLE')
    if (!modes.has(mode)) return refuse('UNKNOWN_MODE')
    if (entries.has(player.id)) return refuse('ALREADY_QUEUED')
    if (desk.isSeated(player.id)) return refuse('ALREADY_IN_MATCH')
    return accept({ ticket: viewOf(enter(player, mode, clock.now())) })
  }

  async function leave(playerId: PlayerId): Promise<Left | Refusal> {
    const entry = entries.get(playerId)
    if (!entry) return tooLate(desk.liveSeatOf(playerId)?.matchId ?? null) ?? refuse('NOT_QUEUED')
    if (entry.standing.is === 'matching') {
      const matchId = await entry.standing.match
      const proposal = desk.proposalOf(playerId)
      if (matchId && !proposal) return tooLate(matchId) ?? refuse('NOT_QUEUED')
      // Who leaves while asked to accept has declined.
      if (proposal) return decline({ matchId: proposal.matchId, playerId })
    }
    end(entry, 'cancelled')
    return accept({ outcome: 'cancelled' })
  }

  async function decline(member: { matchId: MatchId; playerId: PlayerId }): Promise<Left | Refusal> {
    const reply = await desk.answerProposal(member, 'declined')
    if (reply.ok) return accept({ outcome: 'cancelled' })
    return tooLate(desk.liveSeatOf(member.playerId)?.matchId ?? null) ?? reply
  }

  function enter(player: { id: PlayerId; name: string }, mode: string, queuedAt: EpochMs): Entry {
    const ticket: Ticket = { id: newId() as TicketId, mode, players: [player], queuedAt }
    const entry: Entry = { ticket, player, standing: { is: 'searching' } }
    entries.set(player.id, entry)
    rounds.add(entry)
    search(entry)
    return entry
  }

  function search(entry: Entry): void {
    const mode = modes.get(entry.ticket.mode)
    if (!mode?.lateJoin) return wait(entry)
    entry.standing = { is: 'matching', match: joinLate(entry, mode) }
  }

  /** Into a match that goes on and has room, else into the queue like everyone. */
  async function joinLate(entry: Entry, mode: Mode): Promise<MatchId | null> {
    const { player, ticket } = entry
    const someone = { playerId: player.id, name: player.name, queuedAt: ticket.queuedAt }
    const offer = await desk.offerSeat(mode, someone).catch(() => null)
    if (offer) seat(player.id, offer)
    else if (entries.get(player.id) === entry) {
      wait(entry)
      if (!people.isOnline(player.id)) departed(player.id)
    }
    return offer?.matchId ?? null
  }

  function wait(entry: Entry): void {
    entry.standing = { is: 'searching' }
    matchmaker.add(entry.ticket)
    armTick()
  }

  /** Takes the ticket out and says so; does nothing for one that has ended before. */
  function end(entry: Entry, reason: EndReason, matchId?: MatchId): void {
    if (entries.get(entry.player.id) !== entry) return
    entries.delete(entry.player.id)
    rounds.delete(entry)
    stopSearching(entry)
    const ticketId = entry.ticket.id
    people.tell(entry.player.id, 'queue:ended', matchId ? { ticketId, reason, matchId } : { ticketId, reason })
  }

  function stopSearching(entry: Entry): void {
    if (entry.standing.is === 'held') entry.standing.letGo()
    if (matchmaker.remove(entry.ticket.id)) armTick()
  }

  // One timer, for the next instant at which the matchmaker can decide something.
  function armTick(): void {
    cancelTick()
    const at = matchmaker.nextAt()
    if (at !== null) cancelTick = clock.at(Math.max(at, clock.now()), tick)
  }

  function tick(): void {
    for (const proposal of matchmaker.tick(clock.now())) propose(proposal)
    armTick()
  }

  function propose({ mode: modeId, tickets }: Proposal): void {
    const mode = modes.get(modeId)
    const group = tickets.flatMap((ticket) => ticket.players.flatMap(({ id }) => entries.get(id) ?? []))
    if (!mode) return
    const match = makeMatch(mode, group)
    for (const entry of group) entry.standing = { is: 'matching', match }
  }

  async function makeMatch(mode: Mode, group: Entry[]): Promise<MatchId | null> {
    const players = group.map(({ player, ticket }) => ({
      playerId: player.id,
      name: player.name,
      queuedAt: ticket.queuedAt,
    }))
    const matchId = await desk.open(mode, players)
    for (const { standing } of group) if (matchId && standing.is === 'matching') standing.matchId = matchId
    const news = matchId && desk.announce(matchId)
    if (!news) retryLater(group)
    else if ('offers' in news) matchConfirmed(news.offers)
    else for (const { player } of group) people.tell(player.id, 'match:proposed', news.proposal)
    return matchId
  }

  /** The seats are sure: the tickets end, and everyone is told where to go. */
  function matchConfirmed(offers: Offers): void {
    for (const { playerId, offer } of offers) seat(playerId, offer)
  }

  function seat(playerId: PlayerId, offer: SeatOffer): void {
    const entry = entries.get(playerId)
    if (entry) {
      waits.record(entry.ticket.mode, clock.now() - entry.ticket.queuedAt)
      end(entry, 'matched', offer.matchId)
    }
    people.tell(playerId, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now() })
  }

  function matchProgressed({ matchId, accepted, size, players }: Progress): void {
    for (const playerId of players) people.tell(playerId, 'match:progress', { matchId, accepted, size })
  }

  function retryLater(group: Entry[]): void {
    log.warn({ players: group.length }, 'no match could be made, players go back to the queue')
    for (const entry of group) if (entries.get(entry.player.id) === entry) hold(entry, RETRY_MS, () => resume(entry))
  }

  function resume(entry: Entry): void {
    if (entries.get(entry.player.id) !== entry) return
    search(entry)
    if (!people.isOnline(entry.player.id)) departed(entry.player.id)
  }

  function hold(entry: Entry, ms: number, then: () => void): void {
    entry.standing = { is: 'held', letGo: clock.at(clock.now() + ms, then) }
  }

  /** The player's last connection is gone: nobody is matched with someone who is not there. */
  function departed(playerId: PlayerId): void {
    const entry = entries.get(playerId)
    if (!entry || entry.standing.is === 'matching') return
    stopSearching(entry)
    hold(entry, AWAY_MS, () => end(entry, 'expired'))
  }

  /** The player is connected again, and searches on with the ticket's old age. */
  function arrived(playerId: PlayerId): void {
    const entry = entries.get(playerId)
    if (entry?.standing.is !== 'held') return
    entry.standing.letGo()
    search(entry)
  }

  function matchCancelled({ matchId, mode, reason, innocent, others }: CancelledMatch): void {
    for (const { playerId } of others) {
      people.tell(playerId, 'match:cancelled', { matchId, reason, requeued: false })
      const entry = waitingFor(matchId, playerId)
      if (entry) end(entry, 'declined')
    }
    for (const { playerId, name, queuedAt } of innocent) {
      // A ticket that waited for all to accept has not ended, and searches on; one that ended has a successor.
      const entry = waitingFor(matchId, playerId)
      const isFree = !entries.has(playerId) && people.isOnline(playerId) && modes.has(mode) && !isDrained
      people.tell(playerId, 'match:cancelled', { matchId, reason, requeued: isFree || entry !== null })
      if (entry) resume(entry)
      else if (isFree) enter({ id: playerId, name }, mode, queuedAt)
    }
  }

  /** The player's ticket, if it is this match that it waits for. */
  function waitingFor(matchId: MatchId, playerId: PlayerId): Entry | null {
    const entry = entries.get(playerId)
    return entry?.standing.is === 'matching' && entry.standing.matchId === matchId ? entry : null
  }

  /** Ends every ticket and takes no more. */
  function drain(): void {
    isDrained = true
    for (const entry of [...entries.values()]) end(entry, 'drained')
  }

  function tellProgress({ ticket, player }: Entry): void {
    people.tell(player.id, 'queue:updated', {
      ticketId: ticket.id,
      waitedMs: Math.max(0, clock.now() - ticket.queuedAt),
      estimatedWaitMs: waits.estimate(ticket.mode),
      searching: matchmaker.searching(ticket.mode),
    })
  }

  const viewOf = ({ ticket: { id, mode, queuedAt } }: Entry): TicketView => ({
    id,
    mode,
    queuedAt,
    estimatedWaitMs: waits.estimate(mode),
  })

  function ticketOf(playerId: PlayerId): TicketView | undefined {
    const entry = entries.get(playerId)
    return entry && viewOf(entry)
  }

  const isQueued = (playerId: PlayerId) => entries.has(playerId)
  const news = { progressed: matchProgressed, confirmed: matchConfirmed, cancelled: matchCancelled }
  return { join, leave, departed, arrived, news, drain, ticketOf, isQueued, size: () => entries.size }
}

const toMatchmaker = ({ id, minSeats, maxSeats, matchmaking }: Mode) => ({
  id,
  minPlayers: minSeats,
  maxPlayers: maxSeats,
  fillMs: matchmaking.fillMs,
})

const tooLate = (matchId: MatchId | null): Left | null => matchId && accept({ outcome: 'tooLate' as const, matchId })
