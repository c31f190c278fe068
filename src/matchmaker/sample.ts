import { modesOf } from './check.ts'
import type { ModePlan } from './mode-plan.ts'
import type { MatchmakerWorld } from './world.ts'

/** This many tickets are enough for an explanation; more would delay the tick. */
export const MAX_LOOKED_AT = 400

/** Chooses the other tickets of a mode that an explanation looks at. */
export function createSample({ roster, lanesOf }: MatchmakerWorld) {
  function* othersIn(plan: ModePlan, slot: number): Iterable<number> {
    const seen = new Set([slot])
    for (const place of placesIn(plan, roster.rating.get(slot))) {
      const other = roster.slotOf.get(place)
      if (seen.has(other)) continue
      seen.add(other)
      yield other
    }
    yield* withoutLane(plan, slot)
  }

  /** All places of the mode. For a large mode, a share of each pool: the nearest by rating. */
  function* placesIn(plan: ModePlan, rating: number): Iterable<number> {
    const pools = lanesOf(plan).flatMap((there) => [...there.all()])
    const total = pools.reduce((sum, { count }) => sum + count, 0)
    const found: number[] = []
    for (const pool of pools) {
      found.length = 0
      if (total > MAX_LOOKED_AT) pool.gather(rating, Math.ceil((MAX_LOOKED_AT * pool.count) / total), found)
      yield* total > MAX_LOOKED_AT ? found.slice(0, MAX_LOOKED_AT) : pool.places()
    }
  }

  /** Tickets in no lane, because every region is too far away. */
  function* withoutLane(plan: ModePlan, slot: number): Iterable<number> {
    let left = MAX_LOOKED_AT
    for (const other of roster.all()) {
      left -= 1
      if (left < 0) return
      const isPlaced = roster.places.get(other) >= 0 || roster.heldIn.get(other) !== 0
      if (other !== slot && !isPlaced && modesOf(roster.tickets.get(other)).includes(plan.id)) yield other
    }
  }

  return { othersIn }
}
