import type { Chance } from './chance.ts'

interface Home {
  readonly region: string
  /** The part of all tickets that comes from there. */
  readonly share: number
  /** Milliseconds from the middle of there to the middle of each region. */
  readonly to: Readonly<Record<string, number>>
}

/** Four regions: two that reach each other, one that reaches one of them, and one at the edge of what can be played. */
const homes: readonly Home[] = [
  { region: 'eu', share: 0.35, to: { eu: 0, us: 80, asia: 160, sa: 190 } },
  { region: 'us', share: 0.3, to: { eu: 80, us: 0, asia: 130, sa: 105 } },
  { region: 'asia', share: 0.25, to: { eu: 160, us: 130, asia: 0, sa: 260 } },
  { region: 'sa', share: 0.1, to: { eu: 190, us: 105, asia: 260, sa: 0 } },
]
export const regionNames: readonly string[] = homes.map(({ region }) => region)

const NEAREST_MS = 10
const LAST_MILE_MS = 45

/** The latency to each region from one place, in ms. */
export function latenciesOf(chance: Chance): Record<string, number> {
  const { to } = chance.pick(homes)
  const lastMile = chance.between(NEAREST_MS, LAST_MILE_MS)
  return Object.fromEntries(Object.entries(to).map(([region, ms]) => [region, Math.round(ms + lastMile)]))
}
