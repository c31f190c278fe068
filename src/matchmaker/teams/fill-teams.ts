import type { SizeCounts } from './party-sizes.ts'
import type { Format } from './split.ts'
import { largeFirst } from './team-patterns.ts'

const MAX_STEPS = 5_000

/**
 * Fills team by team, each with as many large parties as possible. This is fast, and succeeds wherever there are enough
 * small parties.
 */
export function fillOneByOne(atHand: SizeCounts, { teams, teamSize }: Format, including: number): number[][] | null {
  const left = [...atHand]
  const chosen: number[][] = []
  for (let team = 0; team < teams; team += 1) {
    const pattern = largeFirst(left, teamSize, team === 0 ? including : 0)
    if (!pattern) return null
    for (const [size, count] of pattern.entries()) left[size] = (left[size] as number) - count
    chosen.push(pattern)
  }
  return chosen
}

/**
 * Fills as many teams as possible with the first pattern, then with the next; backtracks when a team cannot be filled.
 * The first team contains a party of the size `including`.
 */
export function choosePatterns(
  ways: readonly number[][],
  { atHand, teams, including }: { atHand: SizeCounts; teams: number; including: number },
): number[][] | null {
  const left = [...atHand]
  let steps = MAX_STEPS
  const chosen: number[][] = []
  const take = (pattern: number[], times: number): void => {
    for (const [size, count] of pattern.entries()) left[size] = (left[size] as number) - times * count
  }
  // For each pattern, tries the largest possible number of teams first, then one less, and so on.
  const choose = (open: number, from: number): boolean => {
    if (open === 0) return true
    let at = from
    while (at < ways.length && timesIn(ways[at] as number[], left) === 0) at += 1
    const pattern = ways[at]
    if (!pattern) return false
    for (let times = Math.min(open, timesIn(pattern, left)); times >= 0; times -= 1) {
      steps -= 1
      if (steps < 0) return false
      take(pattern, times)
      if (choose(open - times, at + 1)) {
        for (let n = 0; n < times; n += 1) chosen.push(pattern)
        return true
      }
      take(pattern, -times)
    }
    return false
  }
  for (const pattern of ways) {
    if (!pattern[including] || timesIn(pattern, left) === 0) continue
    take(pattern, 1)
    if (choose(teams - 1, 0)) return [pattern, ...chosen]
    take(pattern, -1)
    if (steps < 0) return null
  }
  return null
}

function timesIn(pattern: readonly number[], left: readonly number[]): number {
  let times = Number.POSITIVE_INFINITY
  for (const [size, count] of pattern.entries()) {
    if (count > 0) times = Math.min(times, Math.floor((left[size] as number) / count))
  }
  return times
}
