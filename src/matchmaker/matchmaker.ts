import type { Matchmaker, MatchmakerOptions, Proposal } from './api.ts'
import { createBackfillProposals } from './backfill/backfill-proposals.ts'
import type { OpenBackfill } from './backfill/open-backfill.ts'
import { ExpectedWaits } from './estimates/expected-wait.ts'
import { createExplainer } from './explainer.ts'
import { createHeldProposals } from './held-proposals.ts'
import { createEnrolment } from './queue/enrolment.ts'
import { createTicketChanges } from './queue/ticket-changes.ts'
import { createTicketQueue } from './queue/ticket-queue.ts'
import { createTicketSearch } from './search/ticket-search.ts'
import { Schedule } from './tickets/schedule.ts'
import { checkBounds, checkInstant } from './validate.ts'
import { createWorld } from './world.ts'

// The number of tickets looked at that count as one unit of work. A duel looks at about half as many; a search for
// large teams looks at thousands, and counts for more.
const LOOKS_PER_WORK = 16

/**
 * Makes a matchmaker. It minimizes Σ mismatch + c · Σ waiting, ticket by ticket, as soon as the best group of each is
 * due.
 */
export function createMatchmaker(options: MatchmakerOptions): Matchmaker {
  const world = createWorld(options)
  const { roster, plans, effort, ticketIndex } = world
  const clock = { now: 0 }
  const schedule = new Schedule(roster)
  const enrolment = createEnrolment(world)
  const expectedWaits = new ExpectedWaits()
  const queued = (slot: number, now: number) => backfills.reschedule(slot, now)
  const queue = createTicketQueue({ world, schedule, enrolment, queued })
  const { counts, searching } = queue
  const released = (backfill: OpenBackfill, now: number) => backfills.released(backfill, now)
  const heldProposals = createHeldProposals({ world, queue, expectedWaits, released })
  const backfills = createBackfillProposals({ world, heldProposals })
  const search = createTicketSearch({ world, schedule, enrolment, heldProposals, backfills, counts })
  const changes = createTicketChanges({ world, queue, enrolment, heldProposals, passTo })
  const explainer = createExplainer({ world, expectedWaits, searching, search })

  // The matchmaker's time never goes back, even if the caller's clock does.
  function passTo(now: number): number {
    clock.now = Math.max(clock.now, checkInstant(now))
    return clock.now
  }

  function tick(at: number, { maxWork = Number.POSITIVE_INFINITY, maxMatches = Number.POSITIVE_INFINITY } = {}) {
    checkBounds({ maxWork, maxMatches })
    const now = passTo(at)
    const made: Proposal[] = []
    const end = effort.spent + maxWork * LOOKS_PER_WORK
    // Open matches come first, but get at most half of the work.
    let share = effort.spent + Math.ceil(maxWork / 2) * LOOKS_PER_WORK
    do {
      made.push(...backfills.tick(now, { until: share, maxMatches: maxMatches - made.length }))
      share = end
      while (effort.spent < end && made.length < maxMatches) {
        const slot = schedule.next(now)
        if (slot < 0) break
        const before = effort.spent
        const proposal = search.attend(slot, now)
        effort.spent = Math.max(effort.spent, before + LOOKS_PER_WORK)
        if (proposal) made.push(proposal)
      }
      // The searches may have made an open match due.
    } while (backfills.earliest() <= now && effort.spent < end && made.length < maxMatches)
    return made
  }

  function confirm(id: string): boolean {
    const held = heldProposals.confirm(id)
    if (held?.backfill) backfills.filled(held.backfill, held.proposal)
    return held !== null
  }

  function reject(id: string, { who, now: at }: { who: readonly string[]; now: number }): boolean {
    return heldProposals.reject(id, new Set(who), passTo(at))
  }

  function nextAt(): number | null {
    if (schedule.isBehind) return clock.now
    const at = Math.min(schedule.earliest, backfills.earliest())
    return at === Number.POSITIVE_INFINITY ? null : Math.max(Math.ceil(at), clock.now)
  }

  const stats = () => ({
    ...counts,
    backfills: backfills.size(),
    searching: Object.fromEntries([...plans.values()].map(({ id, index }) => [id, searching[index] ?? 0])),
  })

  /** The slot of a queued ticket; null for a held or unknown one. */
  function slotOf(id: string): number | null {
    const slot = ticketIndex.get(id)
    return slot === undefined || heldProposals.proposalOf(slot) !== undefined ? null : slot
  }

  return {
    ...changes,
    tick,
    confirm,
    reject,
    nextAt,
    stats,
    addBackfill: (request: Parameters<Matchmaker['addBackfill']>[0], now: number) =>
      backfills.add(request, passTo(now)),
    removeBackfill: (id: string, now: number) => backfills.remove(id, passTo(now)),
    searching: (mode: string) => searching[plans.get(mode)?.index ?? -1] ?? 0,
    explain: (id: string, now: number) => {
      const [at, slot] = [passTo(now), slotOf(id)]
      return slot === null ? null : explainer.explain(slot, at)
    },
    estimate: (id: string, now: number) => {
      const [at, slot] = [passTo(now), slotOf(id)]
      return slot === null ? null : explainer.expectedWait(slot, at)
    },
  }
}
