import type { MatchmakerMode, MatchmakerOptions } from '../../../src/matchmaker/api.ts'
import { type Chance, chanceOf } from '../../simulation/chance.ts'
import { drawOperations } from './draw-operations.ts'
import { drawOptions, isEven } from './modes.ts'
import { type Operation, TEMPERS } from './operations.ts'
import { createPopulation } from './population.ts'

/** Which second matchmaker runs beside the first and has to agree with it; see `shadows.ts`. */
export const SHADOWS = ['none', 'same', 'idle', 'later', 'stronger', 'crowded'] as const
export type ShadowKind = (typeof SHADOWS)[number]
export interface Scenario {
  seed: number
  options: MatchmakerOptions
  shadow: ShadowKind
  startsAt: number
  operations: Operation[]
}
// All instants, shifted or not, lie between two powers of two, where numbers are equally dense: shifted sums round the same way.
const LATER_STARTS_AT = 2 ** 40 + 2 ** 33

/** One small world, all of it decided by the seed. */
export function drawScenario(seed: number): Scenario {
  const chance = chanceOf(seed)
  const shadow = chance.pick(SHADOWS)
  const options = drawOptions(chance, shadow === 'stronger' ? isEven : undefined)
  const people = createPopulation(chance, options)
  const isBounded = shadow !== 'crowded' && chance.is(0.5)
  const operations = drawOperations(drawLength(chance, options.modes), {
    chance,
    people,
    temper: chance.pick(TEMPERS),
    isBounded,
  })
  const startsAt = shadow === 'later' ? LATER_STARTS_AT : chance.pick([0, 1_000, LATER_STARTS_AT])
  return { seed, options, shadow, startsAt, operations }
}

function drawLength(chance: Chance, modes: readonly MatchmakerMode[]): number {
  const most = Math.max(...modes.map(({ teams, teamSize }) => teams * teamSize))
  return chance.between(10, chance.pick([30, 60, 150, 400 + 4 * most]))
}
