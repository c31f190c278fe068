import type { Pool } from '../tickets/pool.ts'

// Of so few kinds each is looked at as if there were no other.
const FEW_KINDS = 12
const TIMES_ITS_SHARE = 4
const AND_MORE = 2
// Where the kind does not tell whether they will do, more are looked at.
const TIMES_MIXED = 4
const MIXED_LOOKS = 512
const THOROUGH_MIXED_LOOKS = 2_048
const MOST_MIXED_LOOKS = 8_192
// Comparing the attributes of two tickets costs as much as looking at this many others.
const COST_OF_MIXED = 3

/** How many of a pool to look at when `wanted` of all would do: where there are many kinds, by how many are of this one. */
export function shareOf(pool: Pool, sources: readonly Pool[], wanted: number): number {
  if (sources.length <= FEW_KINDS) return wanted
  const players = sources.reduce((sum, { count, size }) => sum + count * size, 0)
  return Math.min(wanted, Math.ceil((TIMES_ITS_SHARE * wanted * pool.count * pool.size) / players) + AND_MORE)
}

/** How many to look at of a mixed pool. */
export const mixedLooks = (wanted: number, isThorough: boolean): number =>
  Math.min(Math.max(TIMES_MIXED * wanted, isThorough ? THOROUGH_MIXED_LOOKS : MIXED_LOOKS), MOST_MIXED_LOOKS)

/** What it costs to look at so many of a pool. */
export const costOf = ({ isMixed }: Pool, looks: number): number => (isMixed ? COST_OF_MIXED * looks : looks)
