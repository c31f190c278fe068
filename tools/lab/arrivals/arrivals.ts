import type { Chance } from './chance.ts'

/** Tickets per second: always the same, or a wave between night and day. */
export type Rate = number | { readonly night: number; readonly day: number; readonly periodSeconds: number }

/** Tickets per second at an instant; a wave is at its lowest at 0, and even on a logarithmic scale. */
export function rateAt(rate: Rate, seconds: number): number {
  if (typeof rate === 'number') return rate
  const { night, day, periodSeconds } = rate
  const height = (1 - Math.cos((2 * Math.PI * seconds) / periodSeconds)) / 2
  return night * (day / night) ** height
}

/**
 * The instants, in whole milliseconds, at which tickets arrive: a Poisson process. Where the rate changes it is thinned
 * (Lewis and Shedler, 1979).
 */
export function* instants(rate: Rate, seconds: number, chance: Chance): Generator<number> {
  const most = typeof rate === 'number' ? rate : Math.max(rate.night, rate.day)
  for (let at = chance.exponential(1 / most); at < seconds; at += chance.exponential(1 / most)) {
    if (typeof rate === 'number' || chance.is(rateAt(rate, at) / most)) yield Math.round(at * 1_000)
  }
}
