import type { Attendance } from '../../machines/ticket/ticket-life.ts'
import type { ServiceTime } from '../../util/outage.ts'
import type { People } from '../ports.ts'
import type { Ticket } from './tickets.ts'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const AWAY_MS = 15_000
// After a restart everybody has to come back first.
const AWAY_AFTER_RESTART_MS = 30_000

interface AttendanceParts {
  people: Pick<People, 'isOnline'>
  /** Whether the players of the ticket are still one party, or still alone. */
  isTogether: (ticket: Ticket) => boolean
  time: ServiceTime
}

/** Tells which players of a ticket are away, and until when it waits for them. */
export function createAttendance({ people, isTogether, time }: AttendanceParts) {
  function attendance(ticket: Ticket, awayMs: number): Attendance {
    const until = time.now() + awayMs
    const away = ticket.members.filter(({ id }) => !people.isOnline(id))
    return { isTogether: isTogether(ticket), awayBy: new Map(away.map(({ id }) => [id, until])) }
  }
  return {
    of: (ticket: Ticket): Attendance => attendance(ticket, AWAY_MS),
    afterRestart: (ticket: Ticket): Attendance => attendance(ticket, AWAY_AFTER_RESTART_MS),
  }
}
