import type { MatchmakerMode } from '../../src/matchmaker/api.ts'
import { arrivalsOf, type Population } from './arrivals/population.ts'
import { regionNames } from './arrivals/regions.ts'
import type { Played } from './report/charts/series.ts'
import { figuresOf } from './report/figures.ts'
import type { Setting } from './report/table.ts'
import { runQueue } from './run.ts'
import type { MakeMatchmaker } from './shape.ts'

export interface Simulation {
  mode: MatchmakerMode
  population: Population
  /** The values of the setting to compare; null: the matchmaker's own. */
  pointsPerSecond: readonly (number | null)[]
}

/** Plays the same population once with each setting. */
export function simulated(
  make: MakeMatchmaker,
  { mode, population, pointsPerSecond }: Simulation,
): (Setting & Played)[] {
  const regions = population.hasRegions ? { regions: regionNames } : {}
  return pointsPerSecond.map((points) => {
    const knob = points === null ? {} : { pointsPerSecond: points }
    const matchmaker = make({ modes: [{ ...mode, ...knob }], ...regions })
    const { lives } = runQueue({ matchmaker, arrivals: arrivalsOf(population), untilMs: population.seconds * 1_000 })
    return { name: nameOf(points), lives, figures: figuresOf(lives, mode.teams) }
  })
}

export const nameOf = (points: number | null): string => (points === null ? 'as configured' : `${points} points/s`)
