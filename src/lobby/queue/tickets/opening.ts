import type { Mode } from '../../../config/modes.ts'
import { isQueued } from '../../../machines/ticket/ticket-life.ts'
import type { Clock, Log, NewId } from '../../../ports.ts'
import type { PlayerId, TicketId } from '../../../protocol/ids.ts'
import type { Player, Ratings } from '../../ports.ts'
import type { Matchmaking } from '../matching/matchmaking.ts'
import type { TicketAttendance } from './attendance.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { TicketNews } from './ticket-news.ts'
import type { TicketStore } from './ticket-store.ts'
import { newTicket, type Ticket, type TicketRegistry, type Wishes } from './tickets.ts'

interface OpeningParts {
  tickets: TicketRegistry
  lifecycle: Lifecycle
  ticketStore: TicketStore
  ticketNews: TicketNews
  attendance: TicketAttendance
  matchmaking: Pick<Matchmaking, 'estimate'>
  ratings: Ratings
  statusChanged: (playerId: PlayerId) => void
  isDrained: () => boolean
  clock: Clock
  newId: NewId
  log: Log
}
export type Opening = ReturnType<typeof createOpening>

/** Rates and stores a new ticket, then lets it search. */
export function createOpening(parts: OpeningParts) {
  const { tickets, lifecycle, ticketStore, ticketNews, attendance, matchmaking, ratings, statusChanged } = parts
  const { isDrained, clock, newId, log } = parts

  /** Opens a ticket for these players. Null when it could not be stored or queued. */
  async function open(mode: Mode, members: readonly Player[], wishes: Wishes): Promise<Ticket | null> {
    const id = newId() as TicketId
    const ticket = newTicket({ id, mode, members, wishes, queuedAt: clock.now(), lostMs: 0, ratings: [] })
    return (await openTicket(ticket, false)) ? ticket : null
  }

  /**
   * Opens a new ticket in place of one that ended, as old as that one. Its players were told that they search on, so
   * they do, even while nothing can be stored.
   */
  const reopen = (former: Ticket): Promise<boolean> =>
    openTicket(newTicket({ ...former, id: newId() as TicketId }), true)

  /** `isPromised`: the ticket counts even if it cannot be stored. */
  function openTicket(ticket: Ticket, isPromised: boolean): Promise<boolean> {
    const opened = store(ticket).then((isStored) => {
      // It may have ended before it was written.
      if (ticket.state.is === 'ended') ticketStore.forget(ticket)
      if (ticket.state.is !== 'opening') return false
      // While the process stops, a promised ticket stays on record for the next start.
      if (isDrained()) lifecycle.apply(ticket, { type: isPromised ? 'suspended' : 'notOpened' })
      else if (isStored || isPromised) begin(ticket)
      else lifecycle.apply(ticket, { type: 'notOpened' })
      return isQueued(ticket.state)
    })
    ticket.busy = opened
    tickets.add(ticket)
    return opened
  }

  const store = (ticket: Ticket): Promise<boolean> =>
    rate(ticket).then(
      () => ticketStore.put(ticket),
      () => false,
    )

  async function rate(ticket: Ticket): Promise<void> {
    ticket.ratings = await Promise.all(ticket.members.map((member) => ratings.of(ticket.mode, member)))
  }

  function begin(ticket: Ticket): void {
    try {
      ticketNews.follow(ticket)
      lifecycle.apply(ticket, { type: 'opened', attendance: attendance.of(ticket) })
      ticket.expectedWaitMs = matchmaking.estimate(ticket)
      ticket.predictedWaitMs = ticket.expectedWaitMs
      ticketNews.tellJoined(ticket)
      for (const { id } of ticket.members) statusChanged(id)
    } catch (err) {
      log.error({ ticket: ticket.id, err }, 'ticket could not be queued')
      lifecycle.apply(ticket, { type: 'notOpened' })
    }
  }

  return { open, reopen }
}
