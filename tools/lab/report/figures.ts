import { favouritesChance } from './favourite.ts'
import { gapOf, isMatched, type Life, matchesOf, ratingOf, waitMsOf } from './life.ts'
import { ascending, mean, quantile, type Spread, spreadOf } from './statistics.ts'

/** What a queue did, in figures; durations in milliseconds. */
export interface Figures {
  tickets: number
  matches: number
  /** The number of tickets by outcome. */
  ended: Partial<Record<Life['reason'], number>>
  wait: Spread
  gap: Spread
  /** The favourite's chance, between ½ and 1. */
  favourite: Spread
  /** The p95 wait of the worst and of the best 1 %, by rating. */
  worstWait: number
  bestWait: number
  waitBySize: ReadonlyMap<number, number>
  /** The mean estimate, and the mean wait of the tickets that had one. */
  predicted: number
  actual: number
}

export function figuresOf(lives: readonly Life[], teams: number): Figures {
  const matched = lives.filter(isMatched)
  const matches = matchesOf(matched)
  const few = Math.ceil(matched.length / 100)
  const byRating = matched.toSorted((a, b) => ratingOf(a) - ratingOf(b))
  const told = matched.filter(({ predictedWaitMs }) => predictedWaitMs !== null)
  return {
    tickets: lives.length,
    matches: matches.length,
    ended: countOf(lives.map(({ reason }) => reason)),
    wait: spreadOf(matched.map(waitMsOf)),
    gap: spreadOf(matches.map(gapOf).filter((gap) => gap !== null)),
    favourite: spreadOf(matches.map((match) => favouritesChance(match, teams)).filter((chance) => chance !== null)),
    worstWait: p95Wait(byRating.slice(0, few)),
    bestWait: p95Wait(byRating.slice(-few)),
    waitBySize: waitBySize(matched),
    predicted: mean(told.map(({ predictedWaitMs }) => predictedWaitMs ?? 0)),
    actual: mean(told.map(waitMsOf)),
  }
}

export const p95Wait = (lives: readonly Life[]): number => quantile(ascending(lives.map(waitMsOf)), 0.95)

function waitBySize(lives: readonly Life[]): Map<number, number> {
  const groups = [...Map.groupBy(lives, ({ players }) => players.length)].sort(([a], [b]) => a - b)
  return new Map(groups.map(([size, some]) => [size, mean(some.map(waitMsOf))]))
}

function countOf<K extends string>(keys: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}
