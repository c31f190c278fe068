import type { Mode } from '../modes.ts'
import type { Cancel, Clock, EpochMs, Log, NewId } from '../ports.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { MatchId, PlayerId, TicketId } from '../protocol/ids.ts'
import type { lobby } from '../protocol/lobby.ts'
import { accept, type Refusal, refuse } from '../protocol/reply.ts'
import { createMatchmaker, type Proposal, type Ticket } from './matchmaker/matchmaker.ts'
import type { MatchDesk, People, SeatOffer } from './ports.ts'
import { createRounds } from './rounds.ts'
import { createWaits } from './waits.ts'

type JoinRequest = PayloadOf<(typeof lobby.requests)['queue:join']>
type Joined = AnswerOf<(typeof lobby.requests)['queue:join']>
type Left = AnswerOf<(typeof lobby.requests)['queue:leave']>
type TicketView = Joined['ticket']
type EndReason = 'matched' | 'cancelled' | 'expired' | 'drained'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const AWAY_MS = 15_000
const RETRY_MS = 1_000

/** A ticket and where it stands: searching, held while its player is away, or in a match that is being made. */
interface Entry {
  ticket: Ticket
  player: { id: PlayerId; name: string }
  standing: { is: 'searching' } | { is: 'held'; letGo: Cancel } | { is: 'matching'; match: Promise<MatchId | null> }
}
export interface QueueParts {
  modes: ReadonlyMap<string, Mode>
  desk: MatchDesk
  people: People
  clock: Clock
  newId: NewId
  log: Log
}
/** A match that did not come about: who goes back to the queue, as old as before, and who does not. */
export interface CancelledMatch {
  matchId: MatchId
  mode: string
  reason: 'declined' | 'noShow'
  innocent: readonly { playerId: PlayerId; name: string; queuedAt: EpochMs }[]
  others: readonly { playerId: PlayerId }[]
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
    if (!modes.has(mode)) return refuse('UNKNOWN_MODE')
    if (entries.has(player.id)) return refuse('ALREADY_QUEUED')
    if (desk.liveSeatOf(player.id)) return refuse('ALREADY_IN_MATCH')
    return accept({ ticket: viewOf(enter(player, mode, clock.now())) })
  }

  async function leave(playerId: PlayerId): Promise<Left | Refusal> {
    const entry = entries.get(playerId)
    if (!entry) return tooLate(desk.liveSeatOf(playerId)?.matchId ?? null) ?? refuse('NOT_QUEUED')
    if (entry.standing.is === 'matching') {
      const late = tooLate(await entry.standing.match)
      if (late) return late
    }
    end(entry, 'cancelled')
    return accept({ outcome: 'cancelled' })
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
    const offers = makeMatch(mode, group)
    for (const entry of group) {
      const match = offers.then((seats) => seats?.[0]?.matchId ?? null)
      entry.standing = { is: 'matching', match }
    }
  }

  async function makeMatch(mode: Mode, group: Entry[]): Promise<SeatOffer[] | null> {
    const players = group.map(({ player, ticket }) => ({
      playerId: player.id,
      name: player.name,
      queuedAt: ticket.queuedAt,
    }))
    const offers = await desk.open(mode, players)
    if (offers) group.forEach((entry, n) => void seat(entry, offers[n]))
    else retryLater(group)
    return offers
  }

  function seat(entry: Entry, offer: SeatOffer | undefined): void {
    if (!offer) return
    waits.record(entry.ticket.mode, clock.now() - entry.ticket.queuedAt)
    end(entry, 'matched', offer.matchId)
    people.tell(entry.player.id, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now() })
  }

  function retryLater(group: Entry[]): void {
    log.warn({ players: group.length }, 'no match could be made, players go back to the queue')
    for (const entry of group) hold(entry, RETRY_MS, () => resume(entry))
  }

  function resume(entry: Entry): void {
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
    for (const { playerId } of others) people.tell(playerId, 'match:cancelled', { matchId, reason, requeued: false })
    for (const { playerId, name, queuedAt } of innocent) {
      const requeued = people.isOnline(playerId) && !entries.has(playerId) && modes.has(mode) && !isDrained
      people.tell(playerId, 'match:cancelled', { matchId, reason, requeued })
      if (requeued) enter({ id: playerId, name }, mode, queuedAt)
    }
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

  return { join, leave, departed, arrived, matchCancelled, drain, ticketOf, size: () => entries.size }
}

const toMatchmaker = ({ id, minSeats, maxSeats, matchmaking }: Mode) => ({
  id,
  minPlayers: minSeats,
  maxPlayers: maxSeats,
  fillMs: matchmaking.fillMs,
})

const tooLate = (matchId: MatchId | null): Left | null => matchId && accept({ outcome: 'tooLate' as const, matchId })
