import type { Mode } from '../../../config/modes.ts'
import type { Clock, Log } from '../../../ports.ts'
import type { MatchId } from '../../../protocol/ids.ts'
import type { Gap } from '../../../util/outage.ts'
import type { SeatIndex } from '../../seats/seat-index.ts'
import type { Excuses } from '../penalties/excuses.ts'
import type { TicketAttendance } from './attendance.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { TicketNews } from './ticket-news.ts'
import type { TicketStore } from './ticket-store.ts'
import { newTicket, type Ticket, type TicketRegistry } from './tickets.ts'

interface RestoreParts {
  modes: ReadonlyMap<string, Mode>
  tickets: TicketRegistry
  lifecycle: Lifecycle
  ticketStore: TicketStore
  ticketNews: TicketNews
  attendance: TicketAttendance
  excuses: Excuses
  seats: Pick<SeatIndex, 'liveSeatOf' | 'proposalOf'>
  clock: Clock
  log: Log
}
/** Where a stored ticket stood: it searched, waited for all to accept a match, or had seats in one. */
type Place = { is: 'queued' } | { is: 'proposed' | 'seated'; matchId: MatchId }

/** Brings the stored tickets back after a restart, each to where it stood and as old as it was. */
export function createRestore(parts: RestoreParts) {
  const { modes, tickets, lifecycle, ticketStore, ticketNews, attendance, excuses, seats, clock, log } = parts

  // The time since the process ended does not count as waiting; the tickets are stored again with that time taken off.
  async function restore({ outageMs, jumpMs }: Gap): Promise<void> {
    const { tickets: stored, lost } = await ticketStore.load(modes)
    for (const one of lost) ticketNews.tellEnd(one, one.members, { reason: 'cancelled' })
    const found = stored.map((ticket) => {
      const queuedAt = Math.min(clock.now(), ticket.queuedAt + jumpMs)
      return newTicket({ ...ticket, queuedAt, lostMs: ticket.lostMs + outageMs })
    })
    await ticketStore.putAll(found)
    for (const ticket of found) bringBack(ticket, placeOf(ticket))
    if (tickets.size() > 0) log.info({ tickets: tickets.size() }, 'tickets restored')
  }

  function placeOf({ members }: Ticket): Place {
    for (const { id } of members) {
      const seat = seats.liveSeatOf(id)
      if (seat) return { is: 'seated', matchId: seat.matchId }
      const proposal = seats.proposalOf(id)
      if (proposal) return { is: 'proposed', matchId: proposal.matchId }
    }
    return { is: 'queued' }
  }

  function bringBack(ticket: Ticket, place: Place): void {
    if (place.is !== 'queued') for (const { id } of ticket.members) excuses.add(place.matchId, id, 'unseen')
    if (place.is === 'seated') {
      ticket.state = { is: 'matched', matchId: place.matchId }
      return lifecycle.matchedTickets.add(place.matchId, ticket)
    }
    if (ticket.members.some(({ id }) => tickets.of(id))) return ticketStore.forget(ticket)
    tickets.add(ticket)
    ticketNews.follow(ticket)
    if (place.is === 'proposed') ticket.state = { is: 'proposed', matchId: place.matchId, proposedAt: null }
    else lifecycle.apply(ticket, { type: 'opened', attendance: attendance.afterRestart(ticket) })
  }

  return restore
}
