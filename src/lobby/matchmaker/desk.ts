import { groupKey } from './acquaintance.ts'
import type { Agenda } from './agenda.ts'
import type { OpenBackfill } from './backfills.ts'
import { meanRating, modesOf } from './check.ts'
import type { createEnrolment } from './enrolment.ts'
import type { Expectation } from './expectation.ts'
import type { Proposal, Ticket } from './face.ts'
import type { Group } from './finding.ts'
import type { ModePlan } from './mode-plan.ts'
import type { MatchmakerWorld } from './world.ts'

// A group that was refused is not asked the same thing again at once.
const REFUSED_FOR_MS = 2_000

/** How many tickets went which way. */
export interface Counts {
  added: number
  removed: number
  matched: number
  queued: number
  held: number
}
interface HeldProposal {
  proposal: Proposal
  slots: number[]
  backfill: OpenBackfill | null
  heldAt: number
}
interface DeskParts {
  world: MatchmakerWorld
  agenda: Agenda
  enrolment: ReturnType<typeof createEnrolment>
  expectation: Expectation
  /** Players waiting, by mode. */
  searching: number[]
  counts: Counts
}
export type Desk = ReturnType<typeof createDesk>

/** Where proposals lie until they are answered; their tickets are held, and neither queued nor gone. */
export function createDesk({ world, agenda, enrolment, expectation, searching, counts }: DeskParts) {
  const { roster, plans, regions, densities, acquaintance, ticketIndex, playerIndex } = world
  const proposals = new Map<string, HeldProposal>()
  const heldIn = new Map<number, string>()
  let proposed = 0

  function hold(group: Group, now: number, joined?: { backfill: OpenBackfill; team: number }): Proposal {
    const teams = group.teams.map((team) => team.map((place) => roster.slotOf.get(place)))
    // Whoever has waited longest is in the first team.
    if (!joined) teams.sort((a, b) => roster.slotOrder(oldestOf(a), oldestOf(b)))
    const slots = teams.flat()
    const ticketsOf = (team: number[]): Ticket[] => team.map((slot) => roster.tickets.get(slot))
    proposed += 1
    const { plan, region } = group.lane
    const proposal: Proposal = {
      id: `p${proposed}`,
      mode: plan.id,
      region: regions[region] ?? null,
      teams: teams.map(ticketsOf),
      ...(joined && { backfill: joined.backfill.request.id }),
      mismatch: group.mismatch,
      gap: joined ? 0 : gapOf(teams.map(ticketsOf)),
    }
    for (const slot of slots) {
      leaveQueue(slot)
      heldIn.set(slot, proposal.id)
    }
    counts.held += slots.length
    proposals.set(proposal.id, { proposal, slots, backfill: joined?.backfill ?? null, heldAt: now })
    const size = teams.flat().reduce((sum, slot) => sum + roster.tickets.get(slot).players.length, 0)
    joined?.backfill.held.set(proposal.id, { team: joined.team, players: size })
    return proposal
  }

  const oldestOf = (team: readonly number[]): number =>
    team.reduce((oldest, slot) => (roster.slotOrder(slot, oldest) < 0 ? slot : oldest))

  function leaveQueue(slot: number): void {
    enrolment.withdraw(slot)
    agenda.clear(slot)
    counts.queued -= 1
    const ticket = roster.tickets.get(slot)
    for (const mode of modesOf(ticket)) count(plans.get(mode) as ModePlan, -ticket.players.length)
  }

  /** Into the lanes, to be looked at at once. */
  function joinQueue(slot: number, now: number): void {
    roster.enrolAt.set(slot, enrolment.enrol(slot, now))
    agenda.plan(slot, now)
    counts.queued += 1
    const ticket = roster.tickets.get(slot)
    for (const mode of modesOf(ticket)) count(plans.get(mode) as ModePlan, ticket.players.length)
  }

  function count({ index }: ModePlan, players: number): void {
    searching[index] = (searching[index] ?? 0) + players
  }

  /** Takes a proposal off the desk; its tickets are nowhere until they are put somewhere. */
  function take(id: string): HeldProposal | null {
    const held = proposals.get(id)
    if (!held) return null
    proposals.delete(id)
    held.backfill?.held.delete(id)
    for (const slot of held.slots) heldIn.delete(slot)
    counts.held -= held.slots.length
    return held
  }

  /** Forgets the ticket. */
  function close(slot: number): void {
    const { id, players } = roster.tickets.get(slot)
    ticketIndex.delete(id)
    for (const player of players) playerIndex.delete(player.id)
    acquaintance.close(slot)
    enrolment.leaveClass(slot)
    roster.close(slot)
  }

  function confirm(id: string): HeldProposal | null {
    const held = take(id)
    if (!held) return null
    const { plan, slots, heldAt } = { ...held, plan: plans.get(held.proposal.mode) as ModePlan }
    for (const slot of slots) {
      const size = roster.tickets.get(slot).players.length
      const rank = densities[plan.index]?.rank(roster.rating.get(slot)) ?? 0
      expectation.record(plan.id, { size, rank }, heldAt - roster.since.get(slot))
      close(slot)
    }
    counts.matched += slots.length
    return held
  }

  /** Those who are not in `who` wait again, as old as they were. */
  function reject(id: string, who: ReadonlySet<string>, now: number): boolean {
    const held = take(id)
    if (!held) return false
    const { proposal } = held
    const key = held.backfill ? [`${proposal.backfill} ${proposal.teams.flat()[0]?.id}`] : []
    const group = held.backfill ? key.map((one) => ({ id: one })) : proposal.teams.flat()
    acquaintance.refuse(groupKey(group as Ticket[]), now + REFUSED_FOR_MS)
    for (const slot of held.slots) {
      if (who.has(roster.tickets.get(slot).id)) {
        close(slot)
        counts.removed += 1
      } else joinQueue(slot, now)
    }
    return true
  }

  /** Everything that is held, for a copy. */
  const state = () => ({ proposed, held: [...proposals.values()] })
  function recall(held: HeldProposal): void {
    proposals.set(held.proposal.id, held)
    for (const slot of held.slots) heldIn.set(slot, held.proposal.id)
    counts.held += held.slots.length
  }
  function recallCount(count: number): void {
    proposed = count
  }

  const proposalOf = (slot: number): string | undefined => heldIn.get(slot)
  return { hold, joinQueue, leaveQueue, close, confirm, reject, proposalOf, state, recall, recallCount }
}

/** How far the mean of the best team is from that of the worst. */
function gapOf(teams: readonly (readonly Ticket[])[]): number {
  if (teams.length < 2) return 0
  const means = teams.map((team) => meanRating(team.flatMap(({ players }) => players)))
  return Math.max(...means) - Math.min(...means)
}
