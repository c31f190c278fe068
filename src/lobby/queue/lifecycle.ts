import type { Mode } from '../../config/modes.ts'
import type { Clock, Log, NewId } from '../../ports.ts'
import type { MatchId, PlayerId, TicketId } from '../../protocol/ids.ts'
import type { Gap, ServiceTime } from '../../util/outage.ts'
import { createTicker } from '../../util/ticker.ts'
import type { People, Player, Ratings } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createMatchedTickets } from './matched-tickets.ts'
import type { Matchmaking } from './matching/matchmaking.ts'
import { createPresenceHold } from './presence-hold.ts'
import { lineOf, type QueueJournal } from './queue-log.ts'
import { createTicketStore } from './ticket-store.ts'
import { type Entries, type Entry, type Wishes, waitedMs } from './tickets.ts'

// After a restart everybody has to come back first.
const AWAY_AFTER_RESTART_MS = 30_000

/** Where a ticket from before the restart belongs: it searches, waits for all to accept, or was matched. */
export type Place = { is: 'queued' } | { is: 'proposed' | 'seated'; matchId: MatchId }

export type EndReason = 'matched' | 'cancelled' | 'expired' | 'declined' | 'drained'
interface Ended {
  reason: EndReason
  matchId?: MatchId
}

interface LifecycleParts {
  entries: Entries
  matchmaking: Matchmaking
  modes: ReadonlyMap<string, Mode>
  people: People
  ratings: Ratings
  records: RecordStore
  journal: QueueJournal | null
  statusChanged: (playerId: PlayerId) => void
  /** Whether those of the ticket are still one party, or still alone. */
  isTogether: (entry: Entry) => boolean
  isDrained: () => boolean
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
export type Lifecycle = ReturnType<typeof createLifecycle>

/** A ticket from its opening to its end: stored before it is promised, searching while all of it are here. */
export function createLifecycle(parts: LifecycleParts) {
  const { entries, matchmaking, people, ratings, records, journal, statusChanged, clock, newId, log } = parts
  const kept = createTicketStore(records, log)
  const seated = createMatchedTickets(kept.forget)
  const rounds = createTicker<Entry>(clock, tellProgress)
  const { search, stopSearching, ...coming } = createPresenceHold({ ...parts, end })

  function newEntry(mode: Mode, members: readonly Player[], wishes: Wishes): Entry {
    const id = newId() as TicketId
    const standing = { is: 'searching' as const }
    const queuedAt = clock.now()
    const unknown = { ratings: [], expectedWaitMs: null, predictedWaitMs: null }
    return { id, mode, members, wishes, queuedAt, lostMs: 0, standing, ...unknown }
  }

  /** Stores the ticket, then lets it search. False when that cannot be, and there is no ticket. */
  function open(entry: Entry, { isPromised = false } = {}): Promise<boolean> {
    const opened = store(entry).then((isKept) => {
      const isOpen = (isKept || isPromised) && admit(entry)
      // As the process stops, what is promised stays on record for the next start.
      if (!isOpen && !(isPromised && parts.isDrained())) drop(entry)
      return isOpen
    })
    entry.standing = { is: 'opening', opened }
    entries.add(entry)
    return opened
  }

  /**
   * A new ticket in the place of one that ended, as old as that one was. Its players were told that they search on, so
   * they do, even while nothing can be stored.
   */
  const reopen = (former: Entry): Promise<boolean> => open({ ...former, id: newId() as TicketId }, { isPromised: true })

  const store = (entry: Entry): Promise<boolean> =>
    rate(entry).then(
      () => kept.put(entry),
      () => false,
    )

  /** False for one that has ended meanwhile, and where the matchmaker will not have it. */
  function admit(entry: Entry): boolean {
    if (!entries.has(entry) || parts.isDrained()) return false
    try {
      begin(entry)
      return true
    } catch (err) {
      log.error({ ticket: entry.id, err }, 'ticket could not be queued')
      letGo(entry)
      return false
    }
  }

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

  /** Takes the ticket out and says so; false for one that has ended before. */
  function end(entry: Entry, reason: EndReason, matchId?: MatchId): boolean {
    if (!entries.has(entry)) return false
    letGo(entry)
    entries.delete(entry)
    // One that was matched may be needed again.
    if (reason !== 'matched') kept.forget(entry)
    journal?.write(lineOf(entry, { at: clock.now(), reason, matchId }, journal))
    tellEnd(entry, entry.members, matchId ? { reason, matchId } : { reason })
    return true
  }

  function tellEnd({ id: ticketId }: Pick<Entry, 'id'>, players: readonly Player[], why: Ended): void {
    for (const { id } of players) {
      people.tell(id, 'queue:ended', { ticketId, ...why })
      if (why.reason !== 'matched') people.missed?.(id, { what: 'ticket', id: ticketId, reason: why.reason })
      statusChanged(id)
    }
  }

  /** Some of it have declined; it is the others' ticket now, and ends when nobody is left. */
  function leaveOut(entry: Entry, isOut: (player: Player) => boolean, reason: 'declined' | 'cancelled'): void {
    const stay = entry.members.map((player) => !isOut(player))
    if (!stay.includes(true)) return void end(entry, reason)
    const leavers = entry.members.filter((_, n) => !stay[n])
    entry.ratings = entry.ratings.filter((_, n) => stay[n])
    entry.members = entry.members.filter((_, n) => stay[n])
    entries.release(leavers)
    void kept.put(entry)
    tellEnd(entry, leavers, { reason })
  }

  function rename(entry: Entry, playerId: PlayerId, name: string): void {
    entry.members = entry.members.map((member) => (member.id === playerId ? { ...member, name } : member))
    if (entry.standing.is !== 'opening') void kept.put(entry)
  }

  /** Nothing of it ticks on; it stays as it is stored. */
  function letGo(entry: Entry): void {
    rounds.delete(entry)
    stopSearching(entry)
  }

  /**
   * Brings back the tickets on record, each to where it stood and as old as it was; their players have to come back too.
   * What the clock shows since then is no waiting, and on record they are as old as here.
   */
  async function restore({ outageMs, jumpMs }: Gap, placeOf: (entry: Entry) => Place): Promise<void> {
    const { tickets, lost } = await kept.load(parts.modes)
    for (const one of lost) tellEnd(one, one.members, { reason: 'cancelled' })
    const found = tickets.map((ticket): Entry => {
      const queuedAt = Math.min(clock.now(), ticket.queuedAt + jumpMs)
      return { ...ticket, queuedAt, lostMs: ticket.lostMs + outageMs, standing: { is: 'searching' } }
    })
    await kept.putAll(found)
    for (const entry of found) {
      const place = placeOf(entry)
      if (place.is === 'seated') seated.add(place.matchId, entry)
      else if (entry.members.some(({ id }) => entries.of(id))) kept.forget(entry)
      else bringBack(entry, place)
    }
    if (entries.size() > 0) log.info({ tickets: entries.size() }, 'tickets restored')
  }

  function bringBack(entry: Entry, place: Exclude<Place, { is: 'seated' }>): void {
    entries.add(entry)
    rounds.add(entry)
    if (place.is === 'queued') return search(entry, AWAY_AFTER_RESTART_MS)
    entry.standing = { is: 'matching', match: Promise.resolve(place.matchId), matchId: place.matchId }
  }

  function tellProgress(entry: Entry): void {
    if (entry.standing.is === 'searching') entry.expectedWaitMs = matchmaking.estimate(entry)
    const update = {
      ticketId: entry.id,
      waitedMs: waitedMs(entry, clock.now()),
      estimatedWaitMs: entry.expectedWaitMs,
      searching: matchmaking.searching(entry.mode),
    }
    for (const { id } of entry.members) people.tell(id, 'queue:updated', update)
  }

  return { newEntry, open, reopen, search, ...coming, end, leaveOut, rename, letGo, restore, seated }
}
