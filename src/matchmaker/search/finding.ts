import type { Exclusions } from '../exclusions.ts'
import type { Candidate } from '../teams/exchange.ts'
import type { Packing } from '../teams/packing.ts'
import type { Format } from '../teams/split.ts'
import type { Classes } from '../tickets/classes.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import type { Pools } from '../tickets/pools.ts'
import type { Roster } from '../tickets/roster.ts'

/** The number of tickets that all searches have looked at: the measure of a tick's work. */
interface Effort {
  spent: number
}

/** What every search looks at. */
export interface Ground {
  roster: Roster
  classes: Classes
  pools: Pools
  exclusions: Exclusions
  effort: Effort
  /** The lane and the class of a place. */
  laneOf(place: number): Lane
  classOf(place: number): number
}

/** One ticket's search for a group in one format. */
export interface FormatSearch {
  lane: Lane
  anchor: Candidate
  format: Format
  packing: Packing
  sources: readonly Pool[]
  /** The number of tickets of each size, with the anchor. */
  atHand: readonly number[]
  isThorough: boolean
  now: number
}

/** Places of one group, team by team. */
export interface Group {
  lane: Lane
  teams: number[][]
  mismatch: number
}

/**
 * The best group for a ticket, and the instant from which it is good enough; infinite when no present group ever is.
 */
export interface Finding {
  at: number
  group: Group | null
}
export const NOTHING: Finding = { at: Number.POSITIVE_INFINITY, group: null }
