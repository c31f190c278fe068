import type { Lane } from '../tickets/lane.ts'
import type { OpenBackfill } from './open-backfill.ts'

/** The open matches of each lane by the mean rating of those in it. */
export class BackfillIndex {
  readonly #byLane = new Map<Lane, OpenBackfill[]>()

  add(backfill: OpenBackfill): void {
    for (const lane of backfill.lanes) {
      const here = this.#byLane.get(lane) ?? []
      if (here.length === 0) this.#byLane.set(lane, here)
      here.splice(placeOf(here, backfill), 0, backfill)
    }
  }

  delete(backfill: OpenBackfill): void {
    for (const lane of backfill.lanes) {
      const here = this.#byLane.get(lane) ?? []
      const at = placeOf(here, backfill)
      if (here[at] === backfill) here.splice(at, 1)
      if (here.length === 0) this.#byLane.delete(lane)
    }
  }

  countIn(lane: Lane): number {
    return this.#byLane.get(lane)?.length ?? 0
  }

  /** The open matches of the lane, the nearest to the rating first. */
  *near(lane: Lane, rating: number): Iterable<OpenBackfill> {
    const here = this.#byLane.get(lane)
    if (!here) return
    let above = firstFrom(here, rating)
    let below = above - 1
    while (above < here.length || below >= 0) {
      const up = here[above]
      const down = here[below]
      if (up && (!down || up.middle - rating <= rating - down.middle)) {
        above += 1
        yield up
      } else if (down) {
        below -= 1
        yield down
      }
    }
  }
}

function firstFrom(here: readonly OpenBackfill[], rating: number): number {
  return search(here, (one) => one.middle < rating)
}
function placeOf(here: readonly OpenBackfill[], { middle, slot }: OpenBackfill): number {
  return search(here, (one) => one.middle < middle || (one.middle === middle && one.slot < slot))
}
/** The number of entries at the front that come before it. */
function search(here: readonly OpenBackfill[], isBefore: (one: OpenBackfill) => boolean): number {
  let low = 0
  let high = here.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(here[middle] as OpenBackfill)) low = middle + 1
    else high = middle
  }
  return low
}
