import type { Life } from './life.ts'

/** Of sorted values, the one that a share of them is not above; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

export const waitOf = ({ queuedAt, endedAt }: Life): number => endedAt - queuedAt
export const ratingOf = ({ players }: Life): number => mean(players.map(({ mu }) => mu))
export const isMatched = ({ reason }: Life): boolean => reason === 'matched'

export interface Spread {
  count: number
  mean: number
  p50: number
  p95: number
  p99: number
}
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share)) as [number, number, number]
  return { count: values.length, mean: mean(values), p50, p95, p99 }
}

/** The matches of those lives, each by its tickets. */
export function matchesOf(lives: readonly Life[]): Life[][] {
  const matches = Map.groupBy(lives.filter(isMatched), ({ matchId }) => matchId)
  return [...matches.values()]
}
