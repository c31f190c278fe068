import { isMatched, matchesOf, mean, quantile, ratingOf, waitOf } from '../../src/lab/figures.ts'
import type { Life } from '../../src/lab/life.ts'
import { arrivalsOf, usual } from '../../src/lab/population.ts'
import { regionNames } from '../../src/lab/regions.ts'
import { runQueue } from '../../src/lab/run.ts'
import type { Make } from './subject.ts'

export interface SquadPlan {
  pointsPerSecond: number
  seconds: number
  hasRegions: boolean
  seed: number
}
export interface Squads {
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
  /** What was waited in the mean over what was told to expect, for those who were told. */
  calibration: number
  left: number
}

const WARM_UP_SECONDS = 120
const RATE = 5
const TEAM_SIZE = 5
const MAX_WAIT_MS = 120_000

export function playSquads(make: Make, { pointsPerSecond, seconds, hasRegions, seed }: SquadPlan): Squads {
  const all = WARM_UP_SECONDS + seconds
  const population = { ...usual, hasRegions, seed, mode: 'squad', teamSize: TEAM_SIZE, rate: RATE, seconds: all }
  const regions = hasRegions ? { regions: regionNames } : {}
  const modes = [{ id: 'squad', teams: 2, teamSize: TEAM_SIZE }]
  const matchmaker = make({ modes, ...regions, pointsPerSecond, maxWaitMs: MAX_WAIT_MS })
  const lives = runQueue({ matchmaker, arrivals: arrivalsOf(population), drainMs: 0 })
  // Of the last ones only those who were quick are known.
  const isCounted = ({ queuedAt }: Life) => queuedAt >= WARM_UP_SECONDS * 1_000 && queuedAt < all * 1_000 - MAX_WAIT_MS
  return { pointsPerSecond, ...figuresOf(lives.filter(isCounted)) }
}

function figuresOf(lives: readonly Life[]): Omit<Squads, 'pointsPerSecond'> {
  const matched = lives.filter(isMatched)
  const waits = mean(matched.map(waitOf))
  const byRating = matched.toSorted((a, b) => ratingOf(a) - ratingOf(b))
  const few = Math.ceil(byRating.length / 100)
  const p95 = (some: readonly Life[]) =>
    quantile(
      some.map(waitOf).sort((a, b) => a - b),
      0.95,
    )
  const bySize = [...Map.groupBy(matched, ({ players }) => players.length).values()].map((some) =>
    mean(some.map(waitOf)),
  )
  const told = matched.filter(({ predictedWaitMs }) => predictedWaitMs !== null)
  const matches = matchesOf(matched)
  return {
    gap: mean(matches.map(([one]) => one?.gap ?? 0)),
    width: mean(matches.map(widthOf)),
    waitSeconds: waits / 1_000,
    tails: [p95(byRating.slice(0, few)) / waits, p95(byRating.slice(-few)) / waits],
    bySize: Math.max(...bySize) / Math.min(...bySize),
    calibration: mean(told.map(waitOf)) / mean(told.map(({ predictedWaitMs }) => predictedWaitMs ?? 0)),
    left: lives.length - matched.length,
  }
}

function widthOf(match: readonly Life[]): number {
  const ratings = match.flatMap(({ players }) => players.map(({ mu }) => mu))
  return Math.max(...ratings) - Math.min(...ratings)
}

const STEPS = 9
/** Turns the one knob until the mean wait is as asked, by halving on a logarithmic scale. */
export function tunedTo(waitSeconds: number, play: (pointsPerSecond: number) => Squads): Squads {
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
