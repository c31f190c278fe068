import type { Mode } from '../../modes.ts'
import type { Clock, EpochMs, Log, NewId } from '../../ports.ts'
import type { MatchId, PlayerId, TicketId } from '../../protocol/ids.ts'
import type { People, Player, Ratings } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createRounds } from '../rounds.ts'
import type { Entries, Entry, Wishes } from './entries.ts'
import { lineOf, type QueueJournal } from './journal.ts'
import { keepTickets } from './kept-tickets.ts'
import type { Matchmaking } from './matchmaking.ts'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const AWAY_MS = 15_000
// After a restart everybody has to come back first.
const AWAY_AFTER_RESTART_MS = 30_000

export type EndReason = 'matched' | 'cancelled' | 'expired' | 'declined' | 'drained'

interface LifecycleParts {
  entries: Entries
  matchmaking: Matchmaking
  modes: ReadonlyMap<string, Mode>
  people: People
  ratings: Ratings
  records: RecordStore
  journal: QueueJournal | null
  statusChanged: (playerId: PlayerId) => void
  isDrained: () => boolean
  clock: Clock
  newId: NewId
  log: Log
}
export type Lifecycle = ReturnType<typeof createLifecycle>

/** A ticket from its opening to its end: stored before it is promised, searching while all of it are here. */
export function createLifecycle(parts: LifecycleParts) {
  const { entries, matchmaking, people, ratings, records, journal, statusChanged, isDrained, clock, newId, log } = parts
  const kept = keepTickets(records, log)
  const rounds = createRounds<Entry>(clock, tellProgress)

  function newEntry(mode: Mode, members: readonly Player[], wishes: Wishes): Entry {
    const id = newId() as TicketId
    const standing = { is: 'searching' as const }
    const queuedAt = clock.now()
    return { id, mode, members, wishes, queuedAt, ratings: [], standing, expectedWaitMs: null, predictedWaitMs: null }
  }

  /** Stores the ticket, then lets it search. False when that cannot be, and there is no ticket. */
  async function open(entry: Entry): Promise<boolean> {
    const { promise: opened, resolve } = Promise.withResolvers<boolean>()
    entry.standing = { is: 'opening', opened }
    entries.add(entry)
    const isKept = await rate(entry).then(
      () => kept.put(entry),
      () => false,
    )
    const isOpen = isKept && entries.has(entry) && !isDrained()
    if (isOpen) begin(entry)
    else drop(entry)
    resolve(isOpen)
    return isOpen
  }

  /** As `open`, for one that takes the place of a ticket that ended: as old as that one was. */
  const reopen = (entry: Entry): Promise<boolean> => open({ ...entry, id: newId() as TicketId })

  function drop(entry: Entry): void {
    entries.delete(entry)
    kept.forget(entry)
  }

  async function rate(entry: Entry): Promise<void> {
    entry.ratings = await Promise.all(entry.members.map((member) => ratings.of(entry.mode, member)))
  }

  function begin(entry: Entry): void {
    rounds.add(entry)
    search(entry)
    entry.expectedWaitMs = matchmaking.estimate(entry)
    entry.predictedWaitMs = entry.expectedWaitMs
    for (const { id } of entry.members) statusChanged(id)
  }

  /** Looks for a match, once everybody of the ticket is here. */
  function search(entry: Entry, awayMs = AWAY_MS): void {
    if (!isWhole(entry)) return hold(entry, awayMs)
    if (entry.standing.is === 'held') entry.standing.letGo()
    entry.standing = { is: 'searching' }
    matchmaking.add(entry)
  }

  const isWhole = ({ members }: Entry): boolean => members.every(({ id }) => people.isOnline(id))

  /** Keeps the ticket and its age for somebody who is away, but not for ever. */
  function hold(entry: Entry, awayMs = AWAY_MS): void {
    stopSearching(entry)
    entry.standing = { is: 'held', letGo: clock.at(clock.now() + awayMs, () => end(entry, 'expired')) }
  }

  function stopSearching(entry: Entry): void {
    if (entry.standing.is === 'held') entry.standing.letGo()
    if (entry.standing.is === 'searching') matchmaking.remove(entry)
  }

  /** Takes the ticket out and says so; does nothing for one that has ended before. */
  function end(entry: Entry, reason: EndReason, matchId?: MatchId): void {
    if (!entries.has(entry)) return
    letGo(entry)
    drop(entry)
    journal?.write(lineOf(entry, { at: clock.now(), reason, matchId }, journal))
    const ticketId = entry.id
    for (const { id } of entry.members) {
      people.tell(id, 'queue:ended', matchId ? { ticketId, reason, matchId } : { ticketId, reason })
      statusChanged(id)
    }
  }

  /** Nothing of it ticks on; it stays as it is stored. */
  function letGo(entry: Entry): void {
    rounds.delete(entry)
    stopSearching(entry)
  }

  /** Brings back the tickets on record, but for those that were overtaken; their players have to come back too. */
  async function restore(standingOf: (entry: Entry) => MatchId | 'overtaken' | null): Promise<void> {
    for (const ticket of await kept.load(parts.modes)) {
      const entry: Entry = { ...ticket, standing: { is: 'searching' } }
      const found = entry.members.some(({ id }) => entries.of(id)) ? 'overtaken' : standingOf(entry)
      if (found === 'overtaken') {
        kept.forget(entry)
        continue
      }
      entries.add(entry)
      rounds.add(entry)
      if (found === null) search(entry, AWAY_AFTER_RESTART_MS)
      else entry.standing = { is: 'matching', match: Promise.resolve(found), matchId: found }
    }
    if (entries.size() > 0) log.info({ tickets: entries.size() }, 'tickets restored')
  }

  function tellProgress(entry: Entry): void {
    if (entry.standing.is === 'searching') entry.expectedWaitMs = matchmaking.estimate(entry)
    const update = {
      ticketId: entry.id,
      waitedMs: waitedMs(entry.queuedAt),
      estimatedWaitMs: entry.expectedWaitMs,
      searching: matchmaking.searching(entry.mode),
    }
    for (const { id } of entry.members) people.tell(id, 'queue:updated', update)
  }

  const waitedMs = (queuedAt: EpochMs): number => Math.max(0, clock.now() - queuedAt)

  return { newEntry, open, reopen, search, hold, isWhole, end, letGo, restore, waitedMs }
}
