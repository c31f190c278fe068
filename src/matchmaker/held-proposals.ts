import type { Proposal, Ticket } from './api.ts'
import { guestOf, type OpenBackfill, playersIn } from './backfill/open-backfill.ts'
import type { Density } from './estimates/density.ts'
import type { ExpectedWaits } from './estimates/expected-wait.ts'
import type { ModePlan } from './mode-plan.ts'
import type { TicketQueue } from './queue/ticket-queue.ts'
import type { Group } from './search/finding.ts'
import { gapOf } from './teams/gap.ts'
import type { MatchmakerWorld } from './world.ts'

// A group that rejected a proposal may get the same one after this time.
const REFUSED_FOR_MS = 2_000

interface HeldProposal {
  proposal: Proposal
  slots: number[]
  backfill: OpenBackfill | null
  heldAt: number
}
interface HeldProposalsParts {
  world: MatchmakerWorld
  queue: TicketQueue
  expectedWaits: ExpectedWaits
  /** Called for an open match when a ticket that was proposed to it does not join. */
  released: (backfill: OpenBackfill, now: number) => void
}
export type HeldProposals = ReturnType<typeof createHeldProposals>

/** Holds proposals until they are answered; a held ticket is not in the queue. */
export function createHeldProposals({ world, queue, expectedWaits, released }: HeldProposalsParts) {
  const { roster, plans, regions, densities, exclusions } = world
  const { counts } = queue
  const proposals = new Map<string, HeldProposal>()
  let proposed = 0

  function hold(group: Group, now: number, joined?: { backfill: OpenBackfill; team: number }): Proposal {
    // Sorts by wait, the longest first: the tickets of each team, and the teams.
    const teams = group.teams.map((team) => slotsOf(team).sort(byAge))
    if (!joined) teams.sort(([a = 0], [b = 0]) => byAge(a, b))
    const slots = teams.flat()
    const tickets = teams.map(ticketsOf)
    proposed += 1
    const { plan, region } = group.lane
    const { mismatch } = group
    const gap = gapOf(teams, roster, (team) => (joined ? playersIn(joined.backfill, team) : []))
    const about = { id: `p${proposed}`, mode: plan.id, region: regions[region] ?? null, teams: tickets, mismatch, gap }
    const proposal: Proposal = joined ? { ...about, backfill: joined.backfill.request.id } : about
    for (const slot of slots) {
      queue.leave(slot)
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

  /** Ends the hold; the caller queues or closes each ticket. */
  function take(id: string): HeldProposal | null {
    const held = proposals.get(id)
    if (!held) return null
    proposals.delete(id)
    held.backfill?.held.delete(id)
    for (const slot of held.slots) roster.heldIn.set(slot, 0)
    counts.held -= held.slots.length
    return held
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
      queue.close(slot)
    }
    counts.matched += slots.length
    return held
  }

  /** Removes the tickets in `who`, requeues the others, and does not propose the same group again at once. */
  function reject(id: string, who: ReadonlySet<string>, now: number): boolean {
    const held = proposals.get(id)
    if (held) exclusions.refuse(membersOf(held.proposal), now + REFUSED_FOR_MS)
    return dissolve(id, who, now)
  }

  const membersOf = ({ backfill, teams }: Proposal): string[] => {
    const ids = teams.flat().map(({ id }) => id)
    return backfill === undefined ? ids : ids.map((id) => guestOf(backfill, id))
  }

  /** Withdraws a proposal: removes the tickets in `who` and requeues the others with their age. */
  function dissolve(id: string, who: ReadonlySet<string>, now: number): boolean {
    const held = take(id)
    if (!held) return false
    if (held.backfill) released(held.backfill, now)
    for (const slot of held.slots) {
      if (who.has(roster.tickets.get(slot).id)) {
        queue.close(slot)
        counts.removed += 1
      } else queue.join(slot, now)
    }
    return true
  }

  function proposalOf(slot: number): string | undefined {
    const number = roster.heldIn.get(slot)
    return number === 0 ? undefined : `p${number}`
  }

  return { hold, confirm, reject, dissolve, proposalOf }
}
