import { arrivalsOf, usual } from '../../tools/lab/arrivals/population.ts'
import { regionNames } from '../../tools/lab/arrivals/regions.ts'
import { figuresOf } from '../../tools/lab/report/figures.ts'
import { type Life, matchesOf } from '../../tools/lab/report/life.ts'
import { mean } from '../../tools/lab/report/statistics.ts'
import { runQueue } from '../../tools/lab/run.ts'
import { atMost, type Make, type Row } from './subject.ts'

interface Plan {
  pointsPerSecond: number
  seconds: number
  hasRegions: boolean
  seed: number
}
interface Squads {
  pointsPerSecond: number
  /** Points between the means of a match's teams. */
  gap: number
  /** Points between the best and the worst player of a match. */
  width: number
  waitSeconds: number
  /** The p95 wait of the best and of the worst 1 %, in mean waits. */
  tails: [worst: number, best: number]
  /** The longest mean wait of a party size over the shortest. */
  bySize: number
  /** The mean wait relative to the mean estimate, of tickets that had one. */
  calibration: number
  left: number
}

const WARM_UP_SECONDS = 120
const RATE = 5
const TEAM_SIZE = 5
const MAX_WAIT_MS = 120_000

function playSquads(make: Make, { pointsPerSecond, seconds, hasRegions, seed }: Plan): Squads {
  const all = WARM_UP_SECONDS + seconds
  const population = { ...usual, hasRegions, seed, mode: 'squad', teamSize: TEAM_SIZE, rate: RATE, seconds: all }
  const regions = hasRegions ? { regions: regionNames } : {}
  const modes = [{ id: 'squad', teams: 2, teamSize: TEAM_SIZE }]
  const matchmaker = make({ modes, ...regions, pointsPerSecond, maxWaitMs: MAX_WAIT_MS })
  const { lives } = runQueue({ matchmaker, arrivals: arrivalsOf(population), untilMs: all * 1_000 })
  // Of the last tickets only the quick ones are known.
  const isCounted = ({ queuedAt }: Life) => queuedAt >= WARM_UP_SECONDS * 1_000 && queuedAt < all * 1_000 - MAX_WAIT_MS
  return { pointsPerSecond, ...squadsOf(lives.filter(isCounted)) }
}

function squadsOf(lives: readonly Life[]): Omit<Squads, 'pointsPerSecond'> {
  const { gap, wait, worstWait, bestWait, waitBySize, predicted, actual, ended } = figuresOf(lives, 2)
  const bySize = [...waitBySize.values()]
  return {
    gap: gap.mean,
    width: mean(matchesOf(lives).map(widthOf)),
    waitSeconds: wait.mean / 1_000,
    tails: [worstWait / wait.mean, bestWait / wait.mean],
    bySize: Math.max(...bySize) / Math.min(...bySize),
    calibration: actual / predicted,
    left: lives.length - (ended.matched ?? 0),
  }
}

function widthOf(match: readonly Life[]): number {
  const ratings = match.flatMap(({ players }) => players.map(({ mu }) => mu))
  return Math.max(...ratings) - Math.min(...ratings)
}

const STEPS = 9
/** Changes the setting until the mean wait is as asked, by halving on a logarithmic scale. */
function tunedTo(waitSeconds: number, play: (pointsPerSecond: number) => Squads): Squads {
  let [low, high] = [0.03, 100]
  let nearest = play(Math.sqrt(low * high))
  for (let step = 1; step < STEPS; step += 1) {
    const last = nearest
    if (Math.abs(last.waitSeconds - waitSeconds) < 0.01 * waitSeconds) return last
    if (last.waitSeconds > waitSeconds) low = last.pointsPerSecond
    else high = last.pointsPerSecond
    nearest = play(Math.sqrt(low * high))
  }
  return nearest
}

const WAIT_SECONDS = 5

export interface SquadPlan {
  minutes: number
  seeds: number
}
function rowsOf(make: Make, { minutes, seeds }: SquadPlan, hasRegions: boolean): Row[] {
  const runs = Array.from({ length: seeds }, (_, n) =>
    tunedTo(WAIT_SECONDS, (pointsPerSecond) =>
      playSquads(make, { pointsPerSecond, hasRegions, seconds: minutes * 60, seed: n + 1 }),
    ),
  )
  const of = (get: (run: Squads) => number) => mean(runs.map(get))
  const name = hasRegions ? '5v5 over four regions' : '5v5'
  const knob = `${of((run) => run.pointsPerSecond).toFixed(2)} points/s, wait ${of((run) => run.waitSeconds).toFixed(2)} s`
  const width = `width ${of((run) => run.width).toFixed(0)}, left ${of((run) => run.left).toFixed(0)}`
  const calibration = `${name}: waited / predicted`
  return [
    {
      ...atMost(
        `${name}: mean gap at 5/s and 5 s`,
        of(({ gap }) => gap),
        4.6,
      ),
      more: `${knob}, ${width}`,
    },
    atMost(
      `${name}: worst 1 %, p95 wait / mean`,
      of(({ tails }) => tails[0]),
      15,
      ' ×',
    ),
    atMost(
      `${name}: best 1 %, p95 wait / mean`,
      of(({ tails }) => tails[1]),
      15,
      ' ×',
    ),
    atMost(
      `${name}: mean wait by party size`,
      of(({ bySize }) => bySize),
      1.3,
      ' ×',
    ),
    { figure: calibration, measured: of((run) => run.calibration).toFixed(2) },
  ]
}

/** Squads at 5 tickets a second with the knob turned to a mean wait of 5 s, in one region and over four. */
export const measureSquads = (make: Make, plan: SquadPlan): Row[] => [
  ...rowsOf(make, plan, false),
  ...rowsOf(make, plan, true),
]
