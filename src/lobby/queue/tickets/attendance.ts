import type { Attendance } from '../../../machines/ticket/ticket-life.ts'
import type { ServiceTime } from '../../../util/outage.ts'
import type { Groups, People } from '../../ports.ts'
import type { Ticket } from './tickets.ts'

// A reload or a change of network takes seconds; a player who is away longer has left.
const AWAY_MS = 15_000
// After a restart all players have to connect again.
const AWAY_AFTER_RESTART_MS = 30_000

interface AttendanceParts {
  people: Pick<People, 'isOnline'>
  groups: Groups
  time: ServiceTime
}
export type TicketAttendance = ReturnType<typeof createAttendance>

/** Tells whether the players of a ticket still belong together, which of them are away, and until when it waits for each. */
export function createAttendance({ people, groups, time }: AttendanceParts) {
  function attendance(ticket: Ticket, awayMs: number): Attendance {
    const until = time.now() + awayMs
    const away = ticket.members.filter(({ id }) => !people.isOnline(id))
    return { isTogether: isTogether(ticket), awayBy: new Map(away.map(({ id }) => [id, until])) }
  }

  /** Whether the players of the ticket are exactly one party, or one player without a party. */
  function isTogether({ members }: Ticket): boolean {
    const ids = new Set(members.map(({ id }) => id))
    return members.every((player) => {
      const company = groups.groupOf(player.id)?.members ?? [player]
      return company.length === ids.size && company.every(({ id }) => ids.has(id))
    })
  }

  return {
    of: (ticket: Ticket): Attendance => attendance(ticket, AWAY_MS),
    afterRestart: (ticket: Ticket): Attendance => attendance(ticket, AWAY_AFTER_RESTART_MS),
    isTogether,
  }
}
