import { type Population, usual } from '../../../tools/lab/arrivals/population.ts'
import { figuresOf } from '../../../tools/lab/report/figures.ts'
import type { Life } from '../../../tools/lab/report/life.ts'
import { wideningWindow } from '../../../tools/lab/rivals/widening-window.ts'
import type { MakeMatchmaker } from '../../../tools/lab/shape.ts'
import { simulated } from '../../../tools/lab/simulation.ts'

export const squad = { id: 'squad', teams: 2, teamSize: 5 }
/** One that the tests can look through. */
export const window: MakeMatchmaker = (options) =>
  wideningWindow(options, { points: 20, pointsPerSecond: 10 * (options.modes[0]?.pointsPerSecond ?? 3) })

const minute = { ...usual, mode: 'squad', teamSize: 5, seed: 1, rate: 5, seconds: 60 }
/** A minute of squads, once with each value of the knob. */
export const aMinute = (given: Partial<Population> = {}, pointsPerSecond: (number | null)[] = [3], make = window) =>
  simulated(make, { mode: squad, population: { ...minute, ...given }, pointsPerSecond })

/** A queue that did this, as a setting of its own. */
export const recorded = (name: string, lives: Life[]) => ({ name, lives, figures: figuresOf(lives, squad.teams) })

/** The life of a lone ticket that was matched, but for what is said of it. */
export const life = (given: Partial<Life>): Life => ({
  ticketId: 't',
  mode: 'squad',
  players: [{ id: 'p', mu: 1_500 }],
  queuedAt: 0,
  endedAt: 1_000,
  reason: 'matched',
  matchId: 'm',
  gap: 10,
  predictedWaitMs: null,
  ...given,
})
