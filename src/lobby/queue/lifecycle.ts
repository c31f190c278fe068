import type { Mode } from '../../config/modes.ts'
import {
  type EndReason,
  isQueued,
  stepTicket,
  type TicketEvent,
  type TicketState,
} from '../../machines/ticket/ticket-life.ts'
import type { Proposal } from '../../matchmaker/api.ts'
import type { Clock, Log, NewId } from '../../ports.ts'
import type { MatchId, PlayerId, TicketId } from '../../protocol/ids.ts'
import type { Gap, ServiceTime } from '../../util/outage.ts'
import { createTicker } from '../../util/ticker.ts'
import type { People, Player, Ratings } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { createAttendance } from './attendance.ts'
import { createMatchedTickets } from './matched-tickets.ts'
import type { Matchmaking } from './matching/matchmaking.ts'
import { lineOf, type QueueJournal } from './queue-log.ts'
import { createTicketStore, type StoredTicket } from './ticket-store.ts'
import { newTicket, type Ticket, type TicketRegistry, type Wishes, waitedMs } from './tickets.ts'

/** Where a ticket from before the restart belongs: it searches, waits for all to accept, or was matched. */
export type Place = { is: 'queued' } | { is: 'proposed' | 'seated'; matchId: MatchId }

interface LifecycleParts {
  tickets: TicketRegistry
  matchmaking: Matchmaking
  modes: ReadonlyMap<string, Mode>
  people: People
  ratings: Ratings
  records: RecordStore
  journal: QueueJournal | null
  statusChanged: (playerId: PlayerId) => void
  /** Whether those of the ticket are still one party, or still alone. */
  isTogether: (ticket: Ticket) => boolean
  isDrained: () => boolean
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
export type Lifecycle = ReturnType<typeof createLifecycle>

/**
 * A ticket from its opening to its end. What may happen to it in which state is in `ticket-life.ts`; here is what
 * follows from each state: the matchmaker, the record, the log, and what players hear.
 */
export function createLifecycle(parts: LifecycleParts) {
  const { tickets, matchmaking, people, ratings, records, journal, statusChanged, clock, time, newId, log } = parts
  const onRecord = createTicketStore(records, log)
  const matchedTickets = createMatchedTickets((ticket) => apply(ticket, { type: 'match.settled' }))
  const ticker = createTicker<Ticket>(clock, tellProgress)
  const attendance = createAttendance(parts)

  /** Tells the ticket what happened, and does what follows from its new state. False when nothing changed. */
  function apply(ticket: Ticket, event: TicketEvent): boolean {
    const before = ticket.state
    const after = stepTicket(before, event)
    if (after === before) return false
    ticket.state = after
    leaveState(ticket, before, event)
    enterState(ticket, before, event)
    return true
  }

  function leaveState(ticket: Ticket, before: TicketState, event: TicketEvent): void {
    // A proposal holds its tickets in the matchmaker.
    if (before.is === 'searching' && event.type !== 'proposed') matchmaking.remove(ticket)
    if (before.is === 'held') ticket.cancelWait()
  }

  function enterState(ticket: Ticket, before: TicketState, event: TicketEvent): void {
    const { state } = ticket
    if (state.is === 'searching') {
      // A rejected proposal has put its tickets back by itself.
      if (event.type !== 'proposal.rejected') matchmaking.add(ticket)
    } else if (state.is === 'held') {
      const until = Math.min(...state.awayBy.values())
      ticket.cancelWait = time.at(until, () => apply(ticket, { type: 'wait.expired' }))
    } else if (state.is === 'matched') {
      matchedTickets.add(state.matchId, ticket)
      retire(ticket, 'matched', state.matchId)
    } else if (state.is === 'suspended') ticker.delete(ticket)
    else if (state.is === 'ended') {
      onRecord.forget(ticket)
      if (before.is !== 'matched') retire(ticket, state.reason)
    }
  }

  /** The ticket is in the queue no more, and its players hear of it if they knew of it. */
  function retire(ticket: Ticket, reason: EndReason, matchId?: MatchId): void {
    ticker.delete(ticket)
    tickets.delete(ticket)
    if (reason === 'notOpened') return
    journal?.write(lineOf(ticket, { at: clock.now(), reason, matchId }, journal))
    tellEnd(ticket, ticket.members, reason, matchId)
  }

  function tellEnd(
    { id: ticketId }: Pick<Ticket, 'id'>,
    players: readonly Player[],
    reason: Exclude<EndReason, 'notOpened'>,
    matchId?: MatchId,
  ): void {
    for (const { id } of players) {
      people.tell(id, 'queue:ended', { ticketId, reason, ...(matchId && { matchId }) })
      if (reason !== 'matched') people.missed?.(id, { what: 'ticket', id: ticketId, reason })
      statusChanged(id)
    }
  }

  /** Stores the ticket, then lets it search. False when that cannot be, and there is no ticket. */
  function open(ticket: Ticket, { isPromised = false } = {}): Promise<boolean> {
    const opened = store(ticket).then((isStored) => {
      // It may have ended before it was written.
      if (ticket.state.is === 'ended') onRecord.forget(ticket)
      if (ticket.state.is !== 'opening') return false
      // As the process stops, what is promised stays on record for the next start.
      if (parts.isDrained()) apply(ticket, { type: isPromised ? 'suspended' : 'notOpened' })
      else if (isStored || isPromised) begin(ticket)
      else apply(ticket, { type: 'notOpened' })
      return isQueued(ticket.state)
    })
    ticket.busy = opened
    tickets.add(ticket)
    return opened
  }

  /** A new ticket, which `open` lets into the queue. */
  const create = (mode: Mode, members: readonly Player[], wishes: Wishes): Ticket => {
    const id = newId() as TicketId
    return newTicket({ id, mode, members, wishes, queuedAt: clock.now(), lostMs: 0, ratings: [] })
  }

  /**
   * A new ticket in the place of one that ended, as old as that one was. Its players were told that they search on, so
   * they do, even while nothing can be stored.
   */
  const reopen = (former: Ticket): Promise<boolean> =>
    open(newTicket({ ...former, id: newId() as TicketId }), { isPromised: true })

  const store = (ticket: Ticket): Promise<boolean> =>
    rate(ticket).then(
      () => onRecord.put(ticket),
      () => false,
    )

  async function rate(ticket: Ticket): Promise<void> {
    ticket.ratings = await Promise.all(ticket.members.map((member) => ratings.of(ticket.mode, member)))
  }

  function begin(ticket: Ticket): void {
    try {
      ticker.add(ticket)
      apply(ticket, { type: 'opened', attendance: attendance.of(ticket) })
      ticket.expectedWaitMs = matchmaking.estimate(ticket)
      ticket.predictedWaitMs = ticket.expectedWaitMs
      for (const { id } of ticket.members) statusChanged(id)
    } catch (err) {
      log.error({ ticket: ticket.id, err }, 'ticket could not be queued')
      apply(ticket, { type: 'notOpened' })
    }
  }

  /** The matchmaker has put the ticket into a group, whose match is being made. */
  function propose(ticket: Ticket, proposal: Proposal, match: Promise<MatchId | null>): void {
    ticket.busy = match
    ticket.proposal = proposal
    apply(ticket, { type: 'proposed' })
  }

  /** Its match came to nothing, or had no seat for it after all. */
  const searchOn = (ticket: Ticket): boolean =>
    apply(ticket, { type: 'match.cancelled', attendance: attendance.of(ticket) })

  /** One of its players has come or gone. */
  const attend = (ticket: Ticket): boolean =>
    apply(ticket, { type: 'attendance.changed', attendance: attendance.of(ticket) })

  /** Some of its players are out. The ticket is the others' now, and ends when nobody is left. */
  function leaveOut(ticket: Ticket, isOut: (player: Player) => boolean, reason: 'declined' | 'cancelled'): void {
    const stay = ticket.members.map((player) => !isOut(player))
    if (!stay.includes(true)) {
      return void apply(ticket, { type: reason === 'declined' ? 'player.declined' : 'player.left' })
    }
    const leavers = ticket.members.filter((_, n) => !stay[n])
    ticket.ratings = ticket.ratings.filter((_, n) => stay[n])
    ticket.members = ticket.members.filter((_, n) => stay[n])
    tickets.release(leavers)
    void onRecord.put(ticket)
    tellEnd(ticket, leavers, reason)
  }

  function rename(ticket: Ticket, playerId: PlayerId, name: string): void {
    ticket.members = ticket.members.map((member) => (member.id === playerId ? { ...member, name } : member))
    if (ticket.state.is !== 'opening') void onRecord.put(ticket)
  }

  /** The process stops: nothing of the ticket ticks on, and it stays as it is stored. */
  function suspend(ticket: Ticket): void {
    ticker.delete(ticket)
    // One that is being stored is suspended, or refused, once that is done.
    if (ticket.state.is !== 'opening') apply(ticket, { type: 'suspended' })
  }

  /** The service served nobody for so long. */
  function addBack(ticket: Ticket, outageMs: number): void {
    ticket.lostMs += outageMs
    apply(ticket, { type: 'outage.ended', outageMs })
  }

  /**
   * Brings back the tickets on record, each to where it stood and as old as it was; their players have to come back too.
   * What the clock shows since then is no waiting, and on record they are as old as here.
   */
  async function restore({ outageMs, jumpMs }: Gap, placeOf: (ticket: StoredTicket) => Place): Promise<void> {
    const { tickets: stored, lost } = await onRecord.load(parts.modes)
    for (const one of lost) tellEnd(one, one.members, 'cancelled')
    const found = stored.map((ticket) => {
      const queuedAt = Math.min(clock.now(), ticket.queuedAt + jumpMs)
      return newTicket({ ...ticket, queuedAt, lostMs: ticket.lostMs + outageMs })
    })
    await onRecord.putAll(found)
    for (const ticket of found) bringBack(ticket, placeOf(ticket))
    if (tickets.size() > 0) log.info({ tickets: tickets.size() }, 'tickets restored')
  }

  function bringBack(ticket: Ticket, place: Place): void {
    if (place.is === 'seated') {
      ticket.state = { is: 'matched', matchId: place.matchId }
      return matchedTickets.add(place.matchId, ticket)
    }
    if (ticket.members.some(({ id }) => tickets.of(id))) return onRecord.forget(ticket)
    tickets.add(ticket)
    ticker.add(ticket)
    if (place.is === 'proposed') ticket.state = { is: 'proposed', matchId: place.matchId, proposedAt: null }
    else apply(ticket, { type: 'opened', attendance: attendance.afterRestart(ticket) })
  }

  function tellProgress(ticket: Ticket): void {
    if (ticket.state.is === 'searching') ticket.expectedWaitMs = matchmaking.estimate(ticket)
    const update = {
      ticketId: ticket.id,
      waitedMs: waitedMs(ticket, clock.now()),
      estimatedWaitMs: ticket.expectedWaitMs,
      searching: matchmaking.searching(ticket.mode),
    }
    for (const { id } of ticket.members) people.tell(id, 'queue:updated', update)
  }

  const ways = { create, open, reopen, propose, searchOn, attend, leaveOut, rename, suspend, addBack, restore }
  return { ...ways, apply, matchedTickets }
}
