import type { Rate } from '../../tools/lab/arrivals/arrivals.ts'
import { arrivalsOf, usual } from '../../tools/lab/arrivals/population.ts'
import { isMatched, type Life, ratingOf, waitMsOf } from '../../tools/lab/report/life.ts'
import { mean } from '../../tools/lab/report/statistics.ts'
import { runQueue } from '../../tools/lab/run.ts'
import { clairvoyant, costOf, type Point } from './optimum.ts'
import { atMost, type Make, type Row } from './subject.ts'

interface Load {
  name: string
  rate: Rate
  seconds: number
  target: number
}
const NIGHT_AND_DAY = { night: 0.3, day: 10, periodSeconds: 900 }
const loads: readonly Load[] = [
  { name: '0.1/s', rate: 0.1, seconds: 12_000, target: 1.28 },
  { name: '1/s', rate: 1, seconds: 1_200, target: 1.25 },
  { name: '10/s', rate: 10, seconds: 140, target: 1.18 },
  { name: 'day and night', rate: NIGHT_AND_DAY, seconds: 900, target: 1.27 },
]

const MAX_WAIT_MS = 120_000
// The first and last tickets have neighbours on one side only; those in the middle are counted.
const MIDDLE: readonly [from: number, to: number] = [0.15, 0.85]

interface Duels {
  /** Cost over the optimum's: of the tickets in the middle, and of all from an empty queue to an empty queue. */
  ratio: number
  wholeRatio: number
  /** Points and seconds of a ticket. */
  gap: number
  waitSeconds: number
  left: number
}

/** Plays one load, and compares the cost of its tickets with the optimum in hindsight. */
function playDuels(make: Make, { rate, seconds }: Load, pointsPerSecond: number, seed: number): Duels {
  const population = { ...usual, hasRegions: false, seed, mode: 'duel', teamSize: 1, rate, seconds }
  const arrivals = [...arrivalsOf(population)]
  const modes = [{ id: 'duel', teams: 2, teamSize: 1 }]
  const matchmaker = make({ modes, pointsPerSecond, maxWaitMs: MAX_WAIT_MS })
  const played = runQueue({ matchmaker, arrivals, untilMs: seconds * 1_000 + 2 * MAX_WAIT_MS })
  const lives = played.lives.sort((a, b) => a.queuedAt - b.queuedAt)
  const costs = { online: onlineCosts(lives, pointsPerSecond), best: bestCosts(lives, pointsPerSecond) }
  const [from, to] = MIDDLE.map((share) => share * seconds * 1_000) as [number, number]
  const isCounted = (n: number) => (lives[n]?.queuedAt ?? 0) >= from && (lives[n]?.queuedAt ?? 0) < to
  const middle = (of: readonly number[]) => sum(of.filter((_, n) => isCounted(n)))
  const counted = lives.filter((life, n) => isCounted(n) && isMatched(life))
  return {
    ratio: middle(costs.online) / middle(costs.best),
    wholeRatio: sum(costs.online) / sum(costs.best),
    gap: mean(counted.map(({ gap = 0 }) => gap)),
    waitSeconds: mean(counted.map(waitMsOf)) / 1_000,
    left: lives.length - lives.filter(isMatched).length,
  }
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Each ticket's half of the mismatch, and its own waiting. Who is left over pays for the waiting alone. */
function onlineCosts(lives: readonly Life[], pointsPerSecond: number): number[] {
  return lives.map((life) => (life.gap ?? 0) / 2 + (pointsPerSecond * waitMsOf(life)) / 1_000)
}

const optima = new Map<string, number[]>()
/** Cached: the optimum of a population does not depend on the matchmaker. */
function bestCosts(lives: readonly Life[], pointsPerSecond: number): number[] {
  const points = lives.map((life): Point => ({ at: life.queuedAt / 1_000, rating: ratingOf(life) }))
  const key = JSON.stringify([pointsPerSecond, points.length, points.at(0), points.at(-1)])
  const known = optima.get(key) ?? costsOf(points, clairvoyant(points, pointsPerSecond), pointsPerSecond)
  optima.set(key, known)
  return known
}

function costsOf(points: readonly Point[], partners: readonly number[], pointsPerSecond: number): number[] {
  return points.map((point, n) => {
    const partner = points[partners[n] ?? -1]
    if (!partner) return 0
    const waited = Math.max(0, partner.at - point.at)
    const apart = costOf(point, partner, 0)
    return apart / 2 + pointsPerSecond * waited
  })
}

export interface DuelPlan {
  pointsPerSecond: number
  seeds: number
}
/** One setting at every load: the cost of tickets over the optimum in hindsight, the mean of several seeds. */
export function measureDuels(make: Make, { pointsPerSecond, seeds }: DuelPlan): Row[] {
  return loads.map((load) => {
    const runs = Array.from({ length: seeds }, (_, n) => playDuels(make, load, pointsPerSecond, n + 1))
    const of = (get: (run: Duels) => number, digits = 2) => mean(runs.map(get)).toFixed(digits)
    const row = atMost(`1v1 cost / optimum, ${load.name}`, mean(runs.map(({ ratio }) => ratio)), load.target, '', 3)
    const beside = `gap ${of(({ gap }) => gap)}, wait ${of(({ waitSeconds }) => waitSeconds)} s`
    return {
      ...row,
      more: `${beside}, cold to dry ${of(({ wholeRatio }) => wholeRatio, 3)}, left ${of(({ left }) => left, 0)}`,
    }
  })
}
