import type { MatchmakerWorld } from '../world.ts'
import type { BackfillRegistry } from './backfill-registry.ts'
import type { BackfillSearch } from './backfill-search.ts'

// A new ticket makes this many of the nearest matches due; a ticket that accepts any match makes this many due.
const REACH = 16
const EVERYWHERE = 4_096

interface BackfillReachParts {
  world: MatchmakerWorld
  registry: BackfillRegistry
  search: BackfillSearch
}

/** Makes matches due again when a ticket comes that they may want. */
export function createBackfillReach({ world, registry, search }: BackfillReachParts) {
  const { roster, classes, laneOf } = world
  const { index, schedule, size: countOpen } = registry

  /** Plans a search for each match in reach of the ticket, for the instant from which it may want it. */
  function reschedule(slot: number, now: number): void {
    if (countOpen() === 0) return
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) planNear(place, now)
  }

  function planNear(place: number, now: number): void {
    const there = laneOf(place)
    const slot = roster.slotOf.get(place)
    const size = roster.size.get(slot)
    const partners = classes.partnersOf(roster.classes.get(slot))
    const isOverdue = now >= roster.since.get(slot) + there.plan.maxWaitMs
    let left = isOverdue ? EVERYWHERE : REACH
    for (const backfill of index.near(there, roster.rating.get(slot))) {
      if (backfill.room < size || !partners.has(backfill.classId)) continue
      const at = search.earliestFor(backfill, place, there, now)
      if (at < backfill.dueAt) schedule.plan(backfill, at)
      left -= 1
      if (left === 0) return
    }
  }

  /** When the ticket reaches the matches beyond the nearest ones; infinite for never. */
  function reachesAllAt(slot: number, now: number): number {
    let at = Number.POSITIVE_INFINITY
    if (countOpen() <= REACH) return at
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      const there = laneOf(place)
      if (index.countIn(there) > REACH) at = Math.min(at, roster.since.get(slot) + there.plan.maxWaitMs)
    }
    return at > now ? at : Number.POSITIVE_INFINITY
  }

  return { reschedule, reachesAllAt }
}
