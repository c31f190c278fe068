import type { Ticket } from '../api.ts'
import { meanRating, modesOf } from '../check.ts'
import type { ModePlan } from '../mode-plan.ts'
import { takesOf } from '../teams/roles.ts'
import type { Schedule } from '../tickets/schedule.ts'
import type { MatchmakerWorld } from '../world.ts'
import type { createEnrolment } from './enrolment.ts'

/** Counts of tickets by outcome. */
export interface Counts {
  added: number
  removed: number
  matched: number
  queued: number
  held: number
}
interface TicketQueueParts {
  world: MatchmakerWorld
  schedule: Schedule
  enrolment: ReturnType<typeof createEnrolment>
  /** Called for each ticket that joins the queue. */
  queued: (slot: number, now: number) => void
}
export type TicketQueue = ReturnType<typeof createTicketQueue>

/** Opens tickets, puts them into the queue and takes them out, closes them, and counts them. */
export function createTicketQueue({ world, schedule, enrolment, queued }: TicketQueueParts) {
  const { roster, plans, classes, exclusions, ticketIndex, playerIndex, leaveClass } = world
  const hasRoles = [...plans.values()].some(({ roles }) => roles.length > 0)
  const counts: Counts = { added: 0, removed: 0, matched: 0, queued: 0, held: 0 }
  /** Players in the queue, by mode. */
  const searching = [...plans.values()].map(() => 0)

  /** Gives the ticket a slot; it is not in the queue yet. */
  function open(ticket: Ticket, { since, serial }: { since: number; serial: number }): number {
    const classId = classes.enter(ticket, hasRoles ? takesOf(ticket) : null)
    const slot = roster.open(ticket, { since, serial, rating: meanRating(ticket.players), classId })
    schedule.open(slot)
    ticketIndex.add(ticket.id, slot)
    for (const { id } of ticket.players) playerIndex.add(id, slot)
    exclusions.open(slot, ticket.block)
    return slot
  }

  /** Forgets the ticket. */
  function close(slot: number): void {
    const { id, players } = roster.tickets.get(slot)
    ticketIndex.delete(id, slot)
    for (const player of players) playerIndex.delete(player.id, slot)
    exclusions.close(slot)
    leaveClass(roster.classes.get(slot))
    roster.close(slot)
  }

  /** Puts the ticket into its lanes, and searches for it at the next tick. */
  function join(slot: number, now: number): void {
    roster.enrolAt.set(slot, enrolment.enrol(slot, now))
    schedule.plan(slot, now)
    counts.queued += 1
    count(slot, 1)
    queued(slot, now)
  }

  function leave(slot: number): void {
    enrolment.withdraw(slot)
    schedule.clear(slot)
    counts.queued -= 1
    count(slot, -1)
  }

  function count(slot: number, sign: 1 | -1): void {
    for (const mode of modesOf(roster.tickets.get(slot))) {
      const { index } = plans.get(mode) as ModePlan
      searching[index] = (searching[index] ?? 0) + sign * roster.size.get(slot)
    }
  }

  return { counts, searching, open, close, join, leave }
}
