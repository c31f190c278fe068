import type { Cancel, Clock } from '../ports.ts'
import { visitEach } from './walls.ts'

const ROUND_MS = 1_000
const SLICES = 10

/**
 * Visits every item once a second, a tenth of the items at a time: a thousand messages in one turn of the loop would
 * block everything else. Sets no timer while there are no items.
 */
export function createTicker<Item>(clock: Clock, visit: (item: Item) => void) {
  const slices = Array.from({ length: SLICES }, () => new Set<Item>())
  let next = 0
  let size = 0
  let cancel: Cancel = () => {}

  function visitNextSlice(): void {
    const slice = slices[next % SLICES]
    next += 1
    arm()
    visitEach(slice ?? [], visit)
  }
  function arm(): void {
    cancel = clock.at(clock.now() + ROUND_MS / SLICES, visitNextSlice)
  }

  return {
    add(item: Item): void {
      // Added to the slice that was visited last, so the first visit comes after a full round.
      slices[(next + SLICES - 1) % SLICES]?.add(item)
      size += 1
      if (size === 1) arm()
    },
    delete(item: Item): void {
      if (!slices.some((slice) => slice.delete(item))) return
      size -= 1
      if (size === 0) cancel()
    },
  }
}
