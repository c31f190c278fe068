import type { Proposal } from '../api.ts'
import type { createBackfillProposals } from '../backfill/backfill-proposals.ts'
import { modesOf } from '../check.ts'
import type { HeldProposals } from '../held-proposals.ts'
import type { createEnrolment } from '../queue/enrolment.ts'
import type { Counts } from '../queue/ticket-queue.ts'
import type { Schedule } from '../tickets/schedule.ts'
import type { MatchmakerWorld } from '../world.ts'
import { createDuels } from './duels.ts'
import type { Finding } from './finding.ts'
import { createSquads } from './squads.ts'

// How soon to search again when the sizes fit but the players do not. It grows with the queue, so that a million such
// tickets cost no more than a few.
const RETRY_MS = 1_000
const RETRY_MS_PER_TICKET = 0.7

interface TicketSearchParts {
  world: MatchmakerWorld
  schedule: Schedule
  enrolment: ReturnType<typeof createEnrolment>
  heldProposals: HeldProposals
  backfills: ReturnType<typeof createBackfillProposals>
  counts: Readonly<Counts>
}
export type TicketSearch = ReturnType<typeof createTicketSearch>

/** Searches when the ticket is due. */
export function createTicketSearch(parts: TicketSearchParts) {
  const { world, schedule, enrolment, heldProposals, backfills, counts } = parts
  const { roster, plans, laneOf } = world
  const duels = createDuels(world)
  const squads = createSquads(world)

  const searchOf = (place: number) => (laneOf(place).plan.isDuel ? duels : squads)
  /** The best group with the ticket of this place. */
  const find = (place: number, now: number): Finding => searchOf(place).find(place, now)

  /** Proposes the group of the ticket, or plans the next search. */
  function attend(slot: number, now: number): Proposal | null {
    if (roster.enrolAt.get(slot) <= now) {
      roster.enrolAt.set(slot, enrolment.enrol(slot, now))
      searchHomeAgain(slot)
      backfills.reschedule(slot, now)
    } else if (now >= unconditionalAt(slot)) backfills.reschedule(slot, now)
    let at = Math.min(roster.enrolAt.get(slot), backfills.reachesAllAt(slot, now))
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      // In a lane that is not due, every ticket that came since has searched itself.
      if (roster.dueAt.get(place) <= now) {
        const finding = searchOf(place).look(place, now)
        if (finding.group && finding.at <= now) {
          const proposal = heldProposals.hold(finding.group, now)
          // An older equivalent ticket may have taken its place.
          if (heldProposals.proposalOf(slot) === undefined) schedule.plan(slot, now)
          return proposal
        }
        roster.dueAt.set(place, finding.at <= now ? now + retryMs() : finding.at)
      }
      at = Math.min(at, roster.dueAt.get(place))
    }
    schedule.plan(slot, at)
    return null
  }

  /**
   * Makes the first lane due again: a more expensive lane is used only if it offers more than the players who are here
   * now.
   */
  function searchHomeAgain(slot: number): void {
    let home = roster.places.get(slot)
    if (home < 0) return
    for (let next = home; next >= 0; next = roster.sibling.get(next)) home = next
    roster.dueAt.set(home, Number.NEGATIVE_INFINITY)
  }

  function unconditionalAt(slot: number): number {
    let waitMs = Number.POSITIVE_INFINITY
    for (const mode of modesOf(roster.tickets.get(slot)))
      waitMs = Math.min(waitMs, plans.get(mode)?.maxWaitMs ?? waitMs)
    return roster.since.get(slot) + waitMs
  }

  const retryMs = (): number => Math.max(RETRY_MS, RETRY_MS_PER_TICKET * counts.queued)

  return { attend, find }
}
