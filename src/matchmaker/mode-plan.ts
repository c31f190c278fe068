import type { MatchmakerMode, MatchmakerOptions } from './api.ts'
import { isValidRating } from './validate.ts'

/** A mode as the matchmaker works with it. */
export interface ModePlan {
  id: string
  index: number
  teams: number
  teamSize: number
  minTeams: number
  minTeamSize: number
  shortHandedAfterMs: number
  /** Rating points of mismatch that a millisecond of waiting is worth. */
  pointsPerMs: number
  maxWaitMs: number
  maxLatencyMs: number
  pointsPerLatencyMs: number
  /** The roles that a team wants, one entry for each player; empty where roles don't count. */
  roles: readonly string[]
  /** Whether a mode is one against one, so that a search only needs a partner. */
  isDuel: boolean
}

// The largest number of seats in a match room.
const MAX_SEATS = 1_000

const DEFAULTS = { pointsPerSecond: 3, maxWaitMs: 120_000, maxLatencyMs: 150, pointsPerLatencyMs: 0.1 }

/** Fills in the defaults of a mode; throws a `RangeError` for a mode that cannot be played. */
export function planOf(mode: MatchmakerMode, index: number, options: MatchmakerOptions): ModePlan {
  const { pointsPerSecond, ...common } = { ...DEFAULTS, ...defined(options), ...defined(mode) }
  const minTeams = mode.minTeams ?? mode.teams
  const minTeamSize = mode.minTeamSize ?? mode.teamSize
  const shortHandedAfterMs = mode.shortHandedAfterMs ?? Number.POSITIVE_INFINITY
  const isWhole = [mode.teams, mode.teamSize, minTeams, minTeamSize].every((n) => Number.isInteger(n) && n >= 1)
  if (!isWhole || minTeams > mode.teams || minTeamSize > mode.teamSize) {
    throw new RangeError(`mode ${mode.id}: teams and sizes are whole numbers from 1, the least at most the full`)
  }
  if (mode.teams * mode.teamSize > MAX_SEATS) throw new RangeError(`mode ${mode.id}: more than ${MAX_SEATS} seats`)
  const prices = [pointsPerSecond, common.pointsPerLatencyMs]
  const limits = [common.maxWaitMs, common.maxLatencyMs, shortHandedAfterMs]
  if (!prices.every(isValidRating) || ![...prices, ...limits].every((n) => n >= 0))
    throw new RangeError(`mode ${mode.id}: a setting is not a number from 0`)
  const counts = Object.entries(mode.roles ?? {})
  const isFilled = counts.every(([, count]) => Number.isInteger(count) && count >= 0 && count <= mode.teamSize)
  const roles = isFilled ? counts.flatMap(([role, count]) => Array<string>(count).fill(role)) : []
  if (!isFilled || roles.length > mode.teamSize)
    throw new RangeError(`mode ${mode.id}: more roles than players in a team`)
  return {
    id: mode.id,
    index,
    teams: mode.teams,
    teamSize: mode.teamSize,
    minTeams,
    minTeamSize,
    shortHandedAfterMs,
    pointsPerMs: pointsPerSecond / 1_000,
    maxWaitMs: common.maxWaitMs,
    maxLatencyMs: common.maxLatencyMs,
    pointsPerLatencyMs: common.pointsPerLatencyMs,
    roles,
    isDuel: mode.teams === 2 && mode.teamSize === 1 && roles.length === 0 && minTeams === 2,
  }
}

const defined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T
