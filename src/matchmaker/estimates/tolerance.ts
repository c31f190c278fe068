import type { ModePlan } from '../mode-plan.ts'

// Found by simulation over loads from 0.1 to 10 tickets a second: the share of the ideal gap to accept at once, and how
// fast to accept more. Both fit every load, because the density is part of the formula.
const KAPPA = 0.55
const GROWTH = 0.12
const STEEPER_GROWTH = 0.9
const STEEPER_AFTER_MS = 30_000
// A player whose rating is less certain than most is matched faster: for them a result matters more than an even match.
const SHARE_PER_SIGMA = 0.1
const MAX_FOR_SIGMA = 0.5

/**
 * The tolerance of a new ticket, in points: κ · √(c / ρ). At this gap, waiting for a nearer ticket costs as much as it
 * gains, for c points per unit of waiting and ρ arrivals per unit of time and point. It grows with the size of the
 * match, because the distance of one player counts less in a large match. While no density is known it is the
 * uncertainty of the rating, because nearer ratings cannot be told apart.
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
 * The tolerance that uncertainty adds, in points. The part of a rating's uncertainty beyond the spread of all ratings
 * says nothing about who is better; so newcomers among newcomers accept anyone.
 */
export const toleranceOfUncertainty = (sigma: number, spread: number): number => Math.max(0, sigma - spread)

/** The factor on the opening tolerance for a rating that is less certain than usual. */
export function factorOfUncertainty(sigma: number, usual: number): number {
  if (!(usual > 0)) return 1
  return 1 + Math.min(MAX_FOR_SIGMA, SHARE_PER_SIGMA * Math.max(0, sigma / usual - 1))
}

const scaleOf = (players: number): number => Math.sqrt(players / 2)

/** How tolerance grows while a ticket waits, in points per millisecond: slowly at first, then faster. */
export interface Growth {
  perMs: number
  /** Added to `perMs` from `STEEPER_AFTER_MS` on. */
  steeperPerMs: number
}
export function growthOf({ pointsPerMs, teams, teamSize }: ModePlan): Growth {
  const scale = scaleOf(teams * teamSize)
  return { perMs: scale * GROWTH * pointsPerMs, steeperPerMs: scale * (scale * STEEPER_GROWTH - GROWTH) * pointsPerMs }
}

/** What a wait adds to the opening tolerance. */
export const grown = ({ perMs, steeperPerMs }: Growth, waitedMs: number): number =>
  perMs * waitedMs + steeperPerMs * Math.max(0, waitedMs - STEEPER_AFTER_MS)

/** The instant at which the tolerance of a ticket that came at `since` has grown by `by`. */
export function grownAt({ perMs, steeperPerMs }: Growth, since: number, by: number): number {
  if (by <= 0) return since
  const early = by / perMs
  if (early <= STEEPER_AFTER_MS) return since + early
  return since + STEEPER_AFTER_MS + (by - perMs * STEEPER_AFTER_MS) / (perMs + steeperPerMs)
}

/**
 * The first instant from `now` on at which the tolerances of two tickets together have grown by `by`. The sum is linear
 * between the instants at which one of them becomes steeper, so each piece is solved directly.
 */
export function pairGrownAt(growth: Growth, older: number, younger: number, by: number, now: number): number {
  const missing = by - grown(growth, now - older) - grown(growth, now - younger)
  if (missing <= 0) return now
  return solve(growth, [older, younger], [1, 1], missing, now)
}

/** Like `pairGrownAt` for any number of tickets, each weighted by its players. */
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
  return solveAcrossBends(bendsAfter(now, since, players), { slope, steeperPerMs, missing, now })
}

interface Bend {
  at: number
  players: number
}
/** The instants after `now` at which tickets become steeper, in order. */
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
function solveAcrossBends(bends: readonly Bend[], { slope: first, steeperPerMs, missing, now }: Rise): number {
  let [slope, left, instant] = [first, missing, now]
  for (const { at, players } of bends) {
    if (slope > 0 && instant + left / slope <= at) break
    left -= slope * (at - instant)
    instant = at
    slope += players * steeperPerMs
  }
  return slope > 0 ? instant + left / slope : Number.POSITIVE_INFINITY
}
