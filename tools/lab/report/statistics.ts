/** The quantile of sorted values; NaN without values. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}
/** NaN of none. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
export const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

export interface Spread {
  mean: number
  p50: number
  p95: number
  p99: number
}
export function spreadOf(values: readonly number[]): Spread {
  const sorted = ascending(values)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share)) as [number, number, number]
  return { mean: mean(values), p50, p95, p99 }
}

/** Splits a list into this many parts of about equal size, none of them empty. */
export function parts<T>(sorted: readonly T[], count: number): T[][] {
  const edge = (n: number) => Math.round((n * sorted.length) / count)
  const all = Array.from({ length: count }, (_, n) => sorted.slice(edge(n), edge(n + 1)))
  return all.filter((part) => part.length > 0)
}

/** The normal distribution's share below z; error under 2e-7 (Abramowitz and Stegun, 1964, 7.1.26). */
export function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  const tail = factors.reduce((sum, factor) => (sum + factor) * t, 0) * Math.exp(-x * x)
  return z < 0 ? tail / 2 : 1 - tail / 2
}
