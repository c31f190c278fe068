import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import { tellCancelled } from '../match-announcements.ts'
import type { CancelledMatch, People } from '../ports.ts'
import type { SeatIndex } from '../seats/seat-index.ts'
import type { Excuses } from './penalties/excuses.ts'
import type { QueuePenalties } from './penalties/queue-penalties.ts'
import type { TicketAttendance } from './tickets/attendance.ts'
import type { Lifecycle } from './tickets/lifecycle.ts'
import type { Opening } from './tickets/opening.ts'
import type { Ticket, TicketRegistry } from './tickets/tickets.ts'

interface RequeueParts {
  tickets: TicketRegistry
  lifecycle: Lifecycle
  opening: Pick<Opening, 'reopen'>
  penalties: Pick<QueuePenalties, 'punish'>
  excuses: Excuses
  seats: Pick<SeatIndex, 'isSeated'>
  people: People
  attendance: Pick<TicketAttendance, 'isTogether'>
  isDrained: () => boolean
}

/** Requeues the players who were not at fault when a match came to nothing. */
export function createRequeue(parts: RequeueParts) {
  const { tickets, lifecycle, opening, penalties, excuses, seats, people, attendance, isDrained } = parts
  const { matchedTickets } = lifecycle

  function cancelled(match: CancelledMatch): void {
    if (match.isOver) broughtDown(match)
    else goesOnWithout(match)
  }

  /** Removes the decliners from a match that goes on. */
  function goesOnWithout({ matchId, reason, wasProposed, others }: CancelledMatch): void {
    const leavers = new Set(others.map(({ playerId }) => playerId))
    const news = { matchId, reason, wasProposed, requeued: false }
    for (const playerId of leavers) tellCancelled(people, playerId, news)
    for (const ticket of waitingFor(matchId, leavers)) {
      lifecycle.leaveOut(ticket, ({ id }) => leavers.has(id), reasonFor(matchId, ticket, leavers))
    }
  }

  /** Ends the tickets of the players at fault, and penalizes them. The other tickets search on, as old as they were. */
  function broughtDown({ matchId, reason, wasProposed, innocent, others }: CancelledMatch): void {
    // Players whose answer could not be stored are not at fault.
    const kept = others.filter(({ playerId }) => excuses.of(matchId, playerId) === 'unheard')
    const guilty = new Set(others.filter((one) => !kept.includes(one)).map(({ playerId }) => playerId))
    const concerned = new Set([...innocent, ...others].map(({ playerId }) => playerId))
    const waiting = waitingFor(matchId, concerned)
    const former = matchedTickets.of(matchId).filter(({ members }) => members.some(({ id }) => concerned.has(id)))
    const back = [...waiting, ...former].filter((ticket) => mayReturn(ticket, waiting, guilty))
    const reasons = new Map([...waiting].map((ticket) => [ticket, reasonFor(matchId, ticket, guilty)]))
    const requeue = new Set(back.flatMap(({ members }) => members.map(({ id }) => id)))
    matchedTickets.ended(matchId)
    for (const playerId of concerned) {
      tellCancelled(people, playerId, { matchId, reason, wasProposed, requeued: requeue.has(playerId) })
      const isExcused = excuses.of(matchId, playerId) !== undefined || reason === 'operator'
      if (guilty.has(playerId) && !isExcused) void penalties.punish(playerId, reason)
    }
    excuses.forget(matchId)
    for (const ticket of waiting) if (!back.includes(ticket)) stayOut(ticket, reasons.get(ticket) ?? 'cancelled')
    for (const ticket of back) {
      if (waiting.has(ticket)) lifecycle.searchOn(ticket)
      else void opening.reopen(ticket)
    }
  }

  // While the process stops, tickets of players without fault wait for the next start.
  function stayOut(ticket: Ticket, reason: 'declined' | 'cancelled'): void {
    if (reason === 'declined') lifecycle.apply(ticket, { type: 'player.declined' })
    else if (!isDrained()) lifecycle.apply(ticket, { type: 'player.left' })
  }

  /** How a ticket ends. A leave that crossed with the proposal counts as a leave, not as a decline. */
  function reasonFor(matchId: MatchId, { members }: Ticket, guilty: ReadonlySet<PlayerId>): 'declined' | 'cancelled' {
    const blamed = members.filter(({ id }) => guilty.has(id))
    return blamed.some(({ id }) => excuses.of(matchId, id) !== 'crossed') ? 'declined' : 'cancelled'
  }

  /** Whether the ticket may search again. One that has ended may if all its players are connected and free. */
  function mayReturn(ticket: Ticket, waiting: ReadonlySet<Ticket>, guilty: ReadonlySet<PlayerId>): boolean {
    if (isDrained() || ticket.members.some(({ id }) => guilty.has(id)) || !attendance.isTogether(ticket)) return false
    return ticket.members.every(({ id }) => {
      const current = tickets.of(id)
      return current ? waiting.has(current) : people.isOnline(id) && !seats.isSeated(id)
    })
  }

  /** The tickets of these players that wait for this match. */
  function waitingFor(matchId: MatchId, players: ReadonlySet<PlayerId>): Set<Ticket> {
    const theirs = [...players].flatMap((id) => tickets.of(id) ?? [])
    return new Set(theirs.filter(({ state }) => state.is === 'proposed' && state.matchId === matchId))
  }

  return cancelled
}
