import { type Ticket, TicketError } from '../api.ts'
import { checkTicket } from '../check.ts'
import type { HeldProposals } from '../held-proposals.ts'
import { checkInstant } from '../validate.ts'
import type { MatchmakerWorld } from '../world.ts'
import type { createEnrolment } from './enrolment.ts'
import type { TicketQueue } from './ticket-queue.ts'

interface TicketChangesParts {
  world: MatchmakerWorld
  queue: TicketQueue
  enrolment: ReturnType<typeof createEnrolment>
  heldProposals: HeldProposals
  /** Moves the clock forward; returns its instant. */
  passTo: (now: number) => number
}

/** Adds, changes and removes tickets. A refused ticket changes nothing, not even the clock. */
export function createTicketChanges({ world, queue, enrolment, heldProposals, passTo }: TicketChangesParts) {
  const { roster, plans, ticketIndex, playerIndex } = world
  let serial = 0

  function add(ticket: Ticket, at: number): void {
    checkInstant(at)
    checkTicket(ticket, plans)
    if (ticketIndex.has(ticket.id)) throw new TicketError('duplicate', `ticket ${ticket.id} is here already`)
    if (ticket.players.some(({ id }) => playerIndex.has(id))) {
      throw new TicketError('duplicate', `ticket ${ticket.id}: a player waits already`)
    }
    const now = passTo(at)
    serial += 1
    queue.counts.added += 1
    const slot = queue.open(ticket, { since: now - (ticket.creditMs ?? 0), serial })
    enrolment.learn(slot, now)
    queue.join(slot, now)
  }

  function remove(id: string, at: number): boolean {
    const now = passTo(at)
    const slot = ticketIndex.get(id)
    if (slot === undefined) return false
    const proposal = heldProposals.proposalOf(slot)
    if (proposal !== undefined) return heldProposals.dissolve(proposal, new Set([id]), now)
    queue.leave(slot)
    queue.close(slot)
    queue.counts.removed += 1
    return true
  }

  function update(id: string, patch: object, at: number): boolean {
    checkInstant(at)
    const slot = ticketIndex.get(id)
    if (slot === undefined || heldProposals.proposalOf(slot) !== undefined) return false
    const before = roster.tickets.get(slot)
    const ticket: Ticket = { ...before, ...patch, id }
    checkTicket(ticket, plans)
    if (ticket.players.some((player) => (playerIndex.get(player.id) ?? slot) !== slot)) {
      throw new TicketError('duplicate', `ticket ${id}: a player waits already`)
    }
    const now = passTo(at)
    const age = { since: roster.since.get(slot), serial: roster.serial.get(slot) }
    queue.leave(slot)
    queue.close(slot)
    queue.join(queue.open(ticket, age), now)
    return true
  }

  return { add, remove, update }
}
