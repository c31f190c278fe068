/** The number of tickets of each size: `counts[3]` is the number of parties of three. */
export type SizeCounts = readonly number[]
/** The party sizes in the queue, and the key of that set. */
export interface SizeSet {
  sizes: readonly number[]
  key: number | string
}

const LONGEST_MASK = 30

/** The sizes that occur. */
export function sizesIn(atHand: SizeCounts): SizeSet {
  const sizes: number[] = []
  let mask = 0
  for (let size = 1; size < atHand.length; size += 1) {
    if ((atHand[size] as number) === 0) continue
    sizes.push(size)
    mask |= 1 << size
  }
  return { sizes, key: atHand.length <= LONGEST_MASK ? mask : sizes.join() }
}

/** The number of parties of each size in all teams together. */
export function sumOf(patterns: readonly (readonly number[])[], teamSize: number): number[] {
  const sum = Array<number>(teamSize + 1).fill(0)
  for (const pattern of patterns)
    for (const [size, count] of pattern.entries()) sum[size] = (sum[size] as number) + count
  return sum
}

/** The counts as a key of a map: a number if it is small enough, because maps find numbers much faster than text. */
export function keyOf(counts: SizeCounts, beside: number | string, base: number): string | number {
  if (typeof beside === 'string') return `${textOf(counts)}|${beside}`
  let key = beside
  for (const count of counts) key = key * base + count
  return key <= Number.MAX_SAFE_INTEGER ? key : `${textOf(counts)}|${beside}`
}

const textOf = (counts: SizeCounts): string => {
  let text = ''
  for (let size = 1; size < counts.length; size += 1) if (counts[size]) text += `${size}:${counts[size]} `
  return text
}
