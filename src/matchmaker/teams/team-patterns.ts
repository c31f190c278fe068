import { type SizeCounts, sizesIn } from './party-sizes.ts'
import { fillable } from './seating.ts'

const MAX_PATTERNS = 5_000
const MAX_COUNTS = 200_000

/**
 * Numbers of parties by size, at most those at hand, that fill the room with as many large parties as possible; or
 * null.
 */
export function largeFirst(left: SizeCounts, room: number, including: number): number[] | null {
  const pattern = Array<number>(left.length).fill(0)
  if (including > 0) pattern[including] = 1
  const rest = room - including
  const sizes = sizesIn(left).sizes.toReversed()
  // For each size, the smallest number of parties of it that each sum needs, with larger sizes before it; -1 for an
  // impossible sum.
  const used: Int32Array[] = []
  for (const size of sizes) {
    const count = (left[size] as number) - (pattern[size] as number)
    const before = used.at(-1)
    const now = new Int32Array(rest + 1).fill(-1)
    for (let sum = 0; sum <= rest; sum += 1) {
      if (before ? (before[sum] as number) >= 0 : sum === 0) now[sum] = 0
      else if (sum >= size && (now[sum - size] as number) >= 0 && (now[sum - size] as number) < count) {
        now[sum] = (now[sum - size] as number) + 1
      }
    }
    used.push(now)
  }
  if ((used.at(-1)?.[rest] ?? -1) < 0) return rest === 0 ? pattern : null
  let sum = rest
  for (const [n, size] of [...sizes.entries()].reverse()) {
    const count = used[n]?.[sum] ?? 0
    pattern[size] = (pattern[size] as number) + count
    sum -= count * size
  }
  return pattern
}

/** All ways to write a team's size as a sum of these party sizes, as counts, with large parties first. */
export function partitions(total: number, sizes: readonly number[]): number[][] {
  const largeToSmall = sizes.filter((size) => size <= total).toReversed()
  // Whether the rest is a sum of this size and later ones, so that no branch is a dead end.
  const can = largeToSmall.map((_, n) => fillable(total, largeToSmall.slice(n)))
  const found: number[][] = []
  const most = Math.min(MAX_PATTERNS, Math.ceil(MAX_COUNTS / total))
  const counts = Array<number>(total + 1).fill(0)
  const divide = (rest: number, from: number): void => {
    if (found.length >= most) return
    if (rest === 0) return void found.push([...counts])
    for (let n = from; n < largeToSmall.length; n += 1) {
      const size = largeToSmall[n] as number
      if (size > rest || !can[n]?.[rest - size]) continue
      counts[size] = (counts[size] as number) + 1
      divide(rest - size, n)
      counts[size] = (counts[size] as number) - 1
    }
  }
  divide(total, 0)
  return found
}
