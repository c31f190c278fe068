import blossom from 'edmonds-blossom'

/** A player who waits for an opponent. */
export interface Point {
  /** In seconds. */
  at: number
  rating: number
}

type Edge = [a: number, b: number, weight: number]

const NEIGHBOURS = 14
// The blossom algorithm is exact on integers alone.
const SCALE = 100

/**
 * The cost of a pair: the gap between the ratings, and the wait of the earlier player. Both play at the later arrival,
 * so the wait is |ta − tb|, and the cost a distance in a plane.
 */
export const costOf = (a: Point, b: Point, pointsPerSecond: number): number =>
  Math.abs(a.rating - b.rating) + pointsPerSecond * Math.abs(a.at - b.at)

/**
 * The partner of each player when everything is known from the start: the perfect matching of least cost (Edmonds,
 * 1965), among nearest neighbours. −1 for the one left over. Points by their instants.
 */
export function clairvoyant(points: readonly Point[], pointsPerSecond: number): number[] {
  const pairs = plausible(points, pointsPerSecond)
  const most = Math.max(...pairs.map(([, , cost]) => cost)) + 1
  const mates = blossom(
    pairs.map(([a, b, cost]) => [a, b, Math.round((most - cost) * SCALE) * 2]),
    true,
  )
  return points.map((_, n) => mates[n] ?? -1)
}

function plausible(points: readonly Point[], pointsPerSecond: number): Edge[] {
  const edges = new Map<number, Edge>()
  for (const [a, point] of points.entries()) {
    for (const { b, cost } of nearest(points, a, point, pointsPerSecond)) {
      const [low, high] = a < b ? [a, b] : [b, a]
      edges.set(low * points.length + high, [low, high, cost])
    }
  }
  return [...edges.values()]
}

/** Looks outwards in time until waiting alone costs more than the farthest of the nearest. */
function nearest(points: readonly Point[], a: number, point: Point, pointsPerSecond: number) {
  const best: { b: number; cost: number }[] = []
  for (const step of [-1, 1]) {
    const kept: { b: number; cost: number }[] = []
    for (let b = a + step; b >= 0 && b < points.length; b += step) {
      const other = points[b] as Point
      const farthest = kept.length < NEIGHBOURS / 2 ? Infinity : (kept.at(-1)?.cost ?? Infinity)
      if (pointsPerSecond * Math.abs(other.at - point.at) >= farthest) break
      const cost = costOf(point, other, pointsPerSecond)
      if (cost >= farthest) continue
      kept.splice(kept.findLastIndex((one) => one.cost <= cost) + 1, 0, { b, cost })
      if (kept.length > NEIGHBOURS / 2) kept.pop()
    }
    best.push(...kept)
  }
  return best
}
