import type { Pool } from '../tickets/pool.ts'

// Up to this number of pools, each is looked at as if it were the only one.
const FEW_KINDS = 12
const TIMES_ITS_SHARE = 4
const AND_MORE = 2
// In a mixed class more tickets are looked at, because the class does not tell whether they are compatible.
const TIMES_MIXED = 4
const MIXED_LOOKS = 512
const THOROUGH_MIXED_LOOKS = 2_048
const MAX_MIXED_LOOKS = 8_192
// Comparing the attributes of two tickets costs as much as looking at this many others.
const COST_OF_MIXED = 3

/**
 * The number of tickets to look at in a pool when `wanted` in all pools are enough: with many pools, in proportion to
 * their sizes.
 */
export function shareOf(pool: Pool, sources: readonly Pool[], wanted: number): number {
  if (sources.length <= FEW_KINDS) return wanted
  const players = sources.reduce((sum, { count, size }) => sum + count * size, 0)
  return Math.min(wanted, Math.ceil((TIMES_ITS_SHARE * wanted * pool.count * pool.size) / players) + AND_MORE)
}

/** The number of tickets to look at in a mixed pool. */
export const mixedLooks = (wanted: number, isThorough: boolean): number =>
  Math.min(Math.max(TIMES_MIXED * wanted, isThorough ? THOROUGH_MIXED_LOOKS : MIXED_LOOKS), MAX_MIXED_LOOKS)

/** The cost of looking at this many tickets of a pool. */
export const costOf = ({ isMixed }: Pool, looks: number): number => (isMixed ? COST_OF_MIXED * looks : looks)
