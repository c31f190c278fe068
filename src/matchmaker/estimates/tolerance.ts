import type { ModePlan } from '../mode-plan.ts'

// Found by simulation over loads from 0.1 to 10 tickets a second: the best share of the ideal gap to accept at once, and
// how quickly to give way. Both hold for every load, since the density takes up the difference.
const KAPPA = 0.55
const GIVE = 0.12
const STEEPER_GIVE = 0.9
const STEEPER_AFTER_MS = 30_000
// Whoever is less known than most is matched faster: a result tells more about them than an even match.
const SHARE_PER_SIGMA = 0.1
const MOST_FOR_SIGMA = 0.5

/**
 * What a ticket accepts when it comes, in points: κ · √(c / ρ), the gap at which waiting for the next one to come near
 * costs as much as it gains, for c points per unit of waiting and ρ arrivals per unit of time and point. It grows with
 * the match: in larger ones the single player's distance counts less. While no density is known it is the rating's own
 * uncertainty, since nearer ratings can hardly be told apart.
 */
export function openingTolerance(
  { pointsPerMs, teams, teamSize }: ModePlan,
  perMsAndPoint: number,
  sigma: number,
): number {
  if (!(perMsAndPoint > 0)) return sigma
  return scaleOf(teams * teamSize) * KAPPA * Math.sqrt(pointsPerMs / perMsAndPoint)
}

/**
 * The tolerance that uncertainty adds, in points: the part of a rating's uncertainty that exceeds the spread of all
 * ratings says nothing about who is better. Newcomers among newcomers therefore accept anyone.
 */
export const toleranceOfUncertainty = (sigma: number, spread: number): number => Math.max(0, sigma - spread)

/** What the opening tolerance is multiplied by for a rating that is less certain than usual. */
export function factorOfUncertainty(sigma: number, usual: number): number {
  if (!(usual > 0)) return 1
  return 1 + Math.min(MOST_FOR_SIGMA, SHARE_PER_SIGMA * Math.max(0, sigma / usual - 1))
}

const scaleOf = (players: number): number => Math.sqrt(players / 2)

/** How tolerance grows with waiting, in points per millisecond: slowly first, then faster. */
export interface Growth {
  perMs: number
  /** On top, from `STEEPER_AFTER_MS` on. */
  steeperPerMs: number
}
export function growthOf({ pointsPerMs, teams, teamSize }: ModePlan): Growth {
  const scale = scaleOf(teams * teamSize)
  return { perMs: scale * GIVE * pointsPerMs, steeperPerMs: scale * (scale * STEEPER_GIVE - GIVE) * pointsPerMs }
}

/** What a wait adds to the opening tolerance. */
export const grown = ({ perMs, steeperPerMs }: Growth, waitedMs: number): number =>
  perMs * waitedMs + steeperPerMs * Math.max(0, waitedMs - STEEPER_AFTER_MS)

/** When a single ticket that came at `since` has grown by so much. */
export function grownAt({ perMs, steeperPerMs }: Growth, since: number, by: number): number {
  if (by <= 0) return since
  const early = by / perMs
  if (early <= STEEPER_AFTER_MS) return since + early
  return since + STEEPER_AFTER_MS + (by - perMs * STEEPER_AFTER_MS) / (perMs + steeperPerMs)
}

/**
 * The first instant from `now` on at which two tickets together have grown by so much. The sum is linear between the
 * instants at which one of them becomes steeper, so each piece is solved directly.
 */
export function pairGrownAt(growth: Growth, older: number, younger: number, by: number, now: number): number {
  const missing = by - grown(growth, now - older) - grown(growth, now - younger)
  if (missing <= 0) return now
  return solve(growth, [older, younger], [1, 1], missing, now)
}

/** As `pairGrownAt`, of any number of tickets that count by their players. */
export function solve(
  { perMs, steeperPerMs }: Growth,
  since: readonly number[],
  players: readonly number[],
  missing: number,
  now: number,
): number {
  let slope = 0
  let bend = Number.POSITIVE_INFINITY
  for (let n = 0; n < since.length; n += 1) {
    const bendsAt = (since[n] as number) + STEEPER_AFTER_MS
    const count = players[n] as number
    slope += count * (bendsAt <= now ? perMs + steeperPerMs : perMs)
    if (bendsAt > now && bendsAt < bend) bend = bendsAt
  }
  const reached = slope > 0 ? now + missing / slope : Number.POSITIVE_INFINITY
  if (reached <= bend) return reached
  return past(bendsAfter(now, since, players), { slope, steeperPerMs, missing, now })
}

interface Bend {
  at: number
  players: number
}
/** When the tickets become steeper that have not yet, the first one first. */
function bendsAfter(now: number, since: readonly number[], players: readonly number[]): Bend[] {
  const bends: Bend[] = []
  for (let n = 0; n < since.length; n += 1) {
    const at = (since[n] as number) + STEEPER_AFTER_MS
    if (at > now) bends.push({ at, players: players[n] as number })
  }
  return bends.sort((a, b) => a.at - b.at)
}

interface Rise {
  slope: number
  steeperPerMs: number
  missing: number
  now: number
}
function past(bends: readonly Bend[], { slope: first, steeperPerMs, missing, now }: Rise): number {
  let [slope, left, instant] = [first, missing, now]
  for (const { at, players } of bends) {
    if (slope > 0 && instant + left / slope <= at) break
    left -= slope * (at - instant)
    instant = at
    slope += players * steeperPerMs
  }
  return slope > 0 ? instant + left / slope : Number.POSITIVE_INFINITY
}
