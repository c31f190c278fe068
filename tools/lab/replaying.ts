import type { MatchmakerMode } from '../../src/matchmaker/api.ts'
import { arrivalsFrom } from './log.ts'
import type { Played } from './report/charts/series.ts'
import { figuresOf } from './report/figures.ts'
import type { Life } from './report/life.ts'
import type { Setting } from './report/table.ts'
import { runQueue } from './run.ts'
import type { MakeMatchmaker } from './shape.ts'
import { nameOf } from './simulation.ts'

export interface Replay {
  mode: MatchmakerMode
  /** What was recorded of that mode. */
  lives: readonly Life[]
  pointsPerSecond: number | null
}
export interface Replayed {
  settings: (Setting & Played)[]
  /** Recorded tickets that the mode no longer accepts. */
  refused: number
}

/** Plays the recorded tickets again, and compares the outcome with the recorded one. */
export function replayed(make: MakeMatchmaker, { mode, lives, pointsPerSecond }: Replay): Replayed {
  const knob = pointsPerSecond === null ? {} : { pointsPerSecond }
  const regions = [...new Set(lives.flatMap(({ latencies = {} }) => Object.keys(latencies)))]
  const matchmaker = make({ modes: [{ ...mode, ...knob }], ...(regions.length > 0 ? { regions } : {}) })
  const first = lives.reduce((least, { queuedAt }) => Math.min(least, queuedAt), Infinity)
  const untilMs = lives.reduce((most, { endedAt }) => Math.max(most, endedAt - first), 0)
  const { lives: again, refused } = runQueue({ matchmaker, arrivals: arrivalsFrom(lives), untilMs })
  const settings = [
    { name: 'as recorded', lives, figures: figuresOf(lives, mode.teams) },
    { name: `replayed, ${nameOf(pointsPerSecond)}`, lives: again, figures: figuresOf(again, mode.teams) },
  ]
  return { settings, refused }
}
