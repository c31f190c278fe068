const KNOTS = 64
// The number of bins for a number of places; the pool is rebuilt when it grows past a grade.
const GRADES = [
  { upTo: 32, bins: 1 },
  { upTo: 1_024, bins: 256 },
  { upTo: 16_384, bins: 4_096 },
  { upTo: 131_072, bins: 32_768 },
  { upTo: Number.POSITIVE_INFINITY, bins: 131_072 },
]

/** The edges of a single bin, which needs none. */
export const NO_KNOTS: Float64Array = new Float64Array(0)

/** The number of bins for this many places. */
export const binsFor = (count: number): number => GRADES.find(({ upTo }) => count <= upTo)?.bins ?? 1

/** The largest number of places for this many bins. */
export const mostIn = (bins: number): number =>
  GRADES.find((grade) => grade.bins === bins)?.upTo ?? Number.POSITIVE_INFINITY

/** Returns quantiles of the ratings, at equal distances; sorts the array in place. */
export function knotsOf(ratings: Float64Array): Float64Array {
  ratings.sort()
  return Float64Array.from({ length: KNOTS }, (_, n) => {
    const position = Math.round((n / (KNOTS - 1)) * (ratings.length - 1))
    return ratings[position] as number
  })
}

/** The bin of a rating, linear between the knots, so that all bins hold about the same number. */
export function binOf(rating: number, knots: Float64Array, bins: number): number {
  let low = 0
  let high = KNOTS - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((knots[middle] as number) <= rating) low = middle
    else high = middle
  }
  const from = knots[low] as number
  const to = knots[high] as number
  const share = to > from ? Math.min(Math.max((rating - from) / (to - from), 0), 1) : rating < from ? 0 : 1
  return Math.min(Math.floor(((low + share) / (KNOTS - 1)) * bins), bins - 1)
}
