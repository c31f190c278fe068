import type { Proposal, Ticket, TicketPlayer } from './api.ts'
import { guestOf, type OpenBackfill, playersIn } from './backfill/backfills.ts'
import { meanRating, modesOf } from './check.ts'
import type { createEnrolment } from './enrolment.ts'
import type { Density } from './estimates/density.ts'
import type { ExpectedWaits } from './estimates/expected-wait.ts'
import type { ModePlan } from './mode-plan.ts'
import type { Group } from './search/finding.ts'
import type { Schedule } from './tickets/schedule.ts'
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
interface HeldProposalsParts {
  world: MatchmakerWorld
  schedule: Schedule
  enrolment: ReturnType<typeof createEnrolment>
  expectedWaits: ExpectedWaits
  /** Players waiting, by mode. */
  searching: number[]
  counts: Counts
  /** Told of a ticket that is queued now. */
  queued: (slot: number, now: number) => void
  /** Told of an open match to which somebody was proposed who does not join it. */
  released: (backfill: OpenBackfill, now: number) => void
}
export type HeldProposals = ReturnType<typeof createHeldProposals>

/** Where proposals lie until they are answered; their tickets are held, and neither queued nor gone. */
export function createHeldProposals({
  world,
  schedule,
  enrolment,
  expectedWaits,
  searching,
  counts,
  queued,
  released,
}: HeldProposalsParts) {
  const { roster, plans, regions, densities, exclusions, ticketIndex, playerIndex, leaveClass } = world
  const proposals = new Map<string, HeldProposal>()
  let proposed = 0

  function hold(group: Group, now: number, joined?: { backfill: OpenBackfill; team: number }): Proposal {
    // Whoever has waited longest comes first, in a team and of the teams: whose turn it was does not show.
    const teams = group.teams.map((team) => slotsOf(team).sort(byAge))
    if (!joined) teams.sort(([a = 0], [b = 0]) => byAge(a, b))
    const slots = teams.flat()
    const tickets = teams.map(ticketsOf)
    proposed += 1
    const { plan, region } = group.lane
    const { mismatch } = group
    const gap = gapOf(teams, joined?.backfill)
    const about = { id: `p${proposed}`, mode: plan.id, region: regions[region] ?? null, teams: tickets, mismatch, gap }
    const proposal: Proposal = joined ? { ...about, backfill: joined.backfill.request.id } : about
    for (const slot of slots) {
      leaveQueue(slot)
      roster.heldIn.set(slot, proposed)
    }
    counts.held += slots.length
    proposals.set(proposal.id, { proposal, slots, backfill: joined?.backfill ?? null, heldAt: now })
    const [guest] = tickets.flat()
    if (joined && guest) joined.backfill.held.set(proposal.id, { team: joined.team, region, ticket: guest })
    return proposal
  }

  const slotsOf = (places: readonly number[]): number[] => places.map((place) => roster.slotOf.get(place))
  const ticketsOf = (slots: readonly number[]): Ticket[] => slots.map((slot) => roster.tickets.get(slot))
  const byAge = (slot: number, other: number): number => roster.slotOrder(slot, other)

  function leaveQueue(slot: number): void {
    enrolment.withdraw(slot)
    schedule.clear(slot)
    counts.queued -= 1
    count(slot, -1)
  }

  /** Into the lanes, to be looked at at once. */
  function joinQueue(slot: number, now: number): void {
    roster.enrolAt.set(slot, enrolment.enrol(slot, now))
    schedule.plan(slot, now)
    counts.queued += 1
    count(slot, 1)
    queued(slot, now)
  }

  function count(slot: number, sign: 1 | -1): void {
    for (const mode of modesOf(roster.tickets.get(slot))) {
      const { index } = plans.get(mode) as ModePlan
      searching[index] = (searching[index] ?? 0) + sign * roster.size.get(slot)
    }
  }

  /** Takes a proposal off the desk; its tickets are nowhere until they are put somewhere. */
  function take(id: string): HeldProposal | null {
    const held = proposals.get(id)
    if (!held) return null
    proposals.delete(id)
    held.backfill?.held.delete(id)
    for (const slot of held.slots) roster.heldIn.set(slot, 0)
    counts.held -= held.slots.length
    return held
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

  function confirm(id: string): HeldProposal | null {
    const held = take(id)
    if (!held) return null
    const { proposal, slots, heldAt } = held
    const { index } = plans.get(proposal.mode) as ModePlan
    const density = densities[index] as Density
    for (const slot of slots) {
      const rank = density.rank(roster.rating.get(slot))
      expectedWaits.record(index, roster.size.get(slot), rank, heldAt - roster.since.get(slot))
      close(slot)
    }
    counts.matched += slots.length
    return held
  }

  /** The group did not want it: those who are not in `who` wait again, and it is not asked the same again at once. */
  function reject(id: string, who: ReadonlySet<string>, now: number): boolean {
    const held = proposals.get(id)
    if (held) exclusions.refuse(membersOf(held.proposal), now + REFUSED_FOR_MS)
    return dissolve(id, who, now)
  }

  const membersOf = ({ backfill, teams }: Proposal): string[] => {
    const ids = teams.flat().map(({ id }) => id)
    return backfill === undefined ? ids : ids.map((id) => guestOf(backfill, id))
  }

  /** Takes a proposal back: those who are not in `who` wait again, as old as they were. */
  function dissolve(id: string, who: ReadonlySet<string>, now: number): boolean {
    const held = take(id)
    if (!held) return false
    if (held.backfill) released(held.backfill, now)
    for (const slot of held.slots) {
      if (who.has(roster.tickets.get(slot).id)) {
        close(slot)
        counts.removed += 1
      } else joinQueue(slot, now)
    }
    return true
  }

  function proposalOf(slot: number): string | undefined {
    const number = roster.heldIn.get(slot)
    return number === 0 ? undefined : `p${number}`
  }
  /** How far the mean of the best team is from that of the worst. */
  function gapOf(teams: readonly (readonly number[])[], backfill?: OpenBackfill): number {
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (const [n, team] of teams.entries()) {
      const mean = meanOf(team, backfill ? playersIn(backfill, n) : [])
      // Nobody is in it yet.
      if (Number.isNaN(mean)) continue
      if (mean < least) least = mean
      if (mean > most) most = mean
    }
    return most > least ? most - least : 0
  }

  function meanOf(team: readonly number[], there: readonly TicketPlayer[]): number {
    let sum = there.length === 0 ? 0 : there.length * meanRating(there)
    let players = there.length
    for (const slot of team) {
      sum += roster.size.get(slot) * roster.rating.get(slot)
      players += roster.size.get(slot)
    }
    return sum / players
  }

  return { hold, joinQueue, leaveQueue, close, confirm, reject, dissolve, proposalOf }
}
