import { solve } from '../estimates/tolerance.ts'
import type { ModePlan } from '../mode-plan.ts'
import type { Candidate, Found } from '../teams/exchange.ts'
import { Packing } from '../teams/packing.ts'
import type { Format, Trials } from '../teams/split.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import { createCandidates } from './candidates.ts'
import { createCrowds } from './crowd/crowds.ts'
import { type Finding, type Ground, NOTHING } from './finding.ts'
import { createGroupSearch } from './group-search.ts'
import { LastSearch } from './last-search.ts'
import { createRoleCheck } from './role-check.ts'

// The number of trials for one ticket over all formats.
const MAX_TRIALS = 40_000
// Formats with more seats than this are filled without backtracking, unless there are only a few tickets.
const MANY_SEATS = 24
const FEW_TICKETS = 32
const MANY_FORMATS = 40

/** The ticket that a group is sought for, and the tickets to choose from. */
interface Request {
  lane: Lane
  anchor: Candidate
  waitedMs: number
  sources: readonly Pool[]
  /** The sources and the anchor's own pool. */
  pools: readonly Pool[]
  /** The number of tickets of each size that may be used, with the anchor. */
  atHand: readonly number[]
  /** The number of trials left for all formats. */
  trials: Trials
  now: number
}
/** The outcome of one format. */
interface Attempt {
  found: Found | null
  /** The number of players that were found for it. */
  reached: number
  /** Whether sizes and roles allow a group. */
  isPossible: boolean
}

/** Finds the group for a ticket of a mode with teams, or of a free for all. */
export function createSquads(ground: Ground) {
  const { roster, pools, laneOf, classOf } = ground
  const candidates = createCandidates(ground)
  const roles = createRoleCheck(ground)
  const groups = createGroupSearch(ground, candidates, roles)
  const crowds = createCrowds(ground, candidates)
  const packings = new Map<string, Packing>()
  const lastSearches = new Map<Lane, LastSearch>()

  /** Like `find`, but reuses the last search of the lane where that is allowed. */
  function look(place: number, now: number): Finding {
    const lane = laneOf(place)
    const lastSearch = lastSearches.get(lane) ?? new LastSearch()
    lastSearches.set(lane, lastSearch)
    return lastSearch.look({ roster, lane, place, now, find })
  }

  /** The best group with this ticket, and the instant from which it is acceptable. */
  function find(place: number, now: number): Finding {
    const request = requestOf(place, now)
    const { lane, anchor, waitedMs, atHand } = request
    let most = atHand.reduce((sum, count, size) => sum + count * size)
    let searches = 0
    for (const format of formatsOf(lane.plan, waitedMs >= lane.plan.shortHandedAfterMs)) {
      if (seatsOf(format) > most || anchor.size > format.teamSize) continue
      const { found, reached, isPossible } = attempt(format, request, most)
      if (found) return findingOf(found, lane, now)
      if (!isPossible) continue
      searches += 1
      // Without teams, the players that were found are a match. With teams, the search tries half of the seats at most
      // after this many formats.
      if (format.teamSize === 1) most = reached
      else if (searches >= MANY_FORMATS) most = Math.floor(seatsOf(format) / 2)
    }
    return { at: nextSearchAt(request, searches > 0), group: null }
  }

  function requestOf(place: number, now: number): Request {
    const lane = laneOf(place)
    const { teamSize } = lane.plan
    const sources = lane.sources(classOf(place)).filter(({ size }) => size <= teamSize)
    const pool = pools.get(roster.pools.get(place))
    const anchor = candidates.candidateOf(place, pool, lane, now)
    const atHand = countsOf(sources, teamSize)
    // A ticket may be incompatible with its own class; then its own pool is not among the sources.
    const isSource = sources.includes(pool)
    if (!isSource) atHand[anchor.size] = (atHand[anchor.size] as number) + 1
    return {
      lane,
      anchor,
      waitedMs: now - roster.since.get(anchor.slot),
      sources,
      pools: isSource ? sources : [...sources, pool],
      atHand,
      trials: { left: MAX_TRIALS },
      now,
    }
  }

  /** Tries one format; a ticket that takes any group searches further. */
  function attempt(format: Format, request: Request, most: number): Attempt {
    const { lane, pools: all, anchor } = request
    if (!roles.areAtHand(lane, all, format)) return { found: null, reached: most, isPossible: false }
    const quick = findIn(format, request, most, false)
    return quick.found || !anchor.isOverdue ? quick : findIn(format, request, most, true)
  }

  function findIn(format: Format, request: Request, most: number, isThorough: boolean): Attempt {
    const atHand = request.atHand.slice(0, format.teamSize + 1)
    const search = { ...request, atHand, format, packing: packingOf(format), isThorough }
    const findGroup = (reached: number): Attempt => {
      if (!search.packing.patterns(atHand, search.anchor.size)) return { found: null, reached, isPossible: false }
      return { found: groups.find(search), reached, isPossible: reached > 0 }
    }
    if (seatsOf(format) <= MANY_SEATS) return findGroup(most)
    const { found, reached } = crowds.find(search)
    const isFinal = found !== null || !isThorough || sum(atHand) > FEW_TICKETS
    return isFinal ? { found, reached, isPossible: reached > 0 } : findGroup(reached)
  }

  function packingOf({ teams, teamSize }: Format): Packing {
    const key = `${teams}x${teamSize}`
    const packing = packings.get(key) ?? new Packing(teams, teamSize)
    packings.set(key, packing)
    return packing
  }

  function findingOf({ members, teams, mismatch, surplus }: Found, lane: Lane, now: number): Finding {
    const since = members.map(({ slot }) => roster.since.get(slot))
    const players = members.map(({ size }) => size)
    const good = surplus >= 0 ? now : solve(lane.growth, since, players, -surplus, now)
    const at = Math.max(now, Math.min(good, Math.min(...since) + lane.plan.maxWaitMs))
    const group = { lane, teams: teams.map((team) => team.map(({ place }) => place)), mismatch }
    return { at: Math.max(at, candidates.refusedUntil(members, now)), group }
  }

  return { find, look }
}

/**
 * The instant at which a search may find more: the ticket accepts smaller formats later, and then any possible group.
 */
function nextSearchAt({ lane, anchor, waitedMs, now }: Request, isPossible: boolean): number {
  const { shortHandedAfterMs, maxWaitMs } = lane.plan
  const shortHandedAt = waitedMs < shortHandedAfterMs ? now - waitedMs + shortHandedAfterMs : NOTHING.at
  const furtherAt = isPossible && !anchor.isOverdue ? now - waitedMs + maxWaitMs : NOTHING.at
  return Math.min(shortHandedAt, furtherAt)
}

const formats = new WeakMap<ModePlan, readonly Format[]>()

/** The formats of a mode, the largest first: the full one, and for a short-handed match also the smaller ones. */
function formatsOf(plan: ModePlan, isShortHanded: boolean): readonly Format[] {
  const all = formats.get(plan) ?? everyFormat(plan)
  formats.set(plan, all)
  return isShortHanded ? all : all.slice(0, 1)
}

function everyFormat({ teams: most, teamSize: largest, minTeams, minTeamSize }: ModePlan): Format[] {
  const found: Format[] = []
  for (let teams = minTeams; teams <= most; teams += 1) {
    for (let teamSize = minTeamSize; teamSize <= largest; teamSize += 1) found.push({ teams, teamSize })
  }
  return found.sort((a, b) => seatsOf(b) - seatsOf(a) || b.teams - a.teams)
}

function countsOf(sources: readonly Pool[], teamSize: number): number[] {
  const counts = Array<number>(teamSize + 1).fill(0)
  for (const { size, count } of sources) if (size <= teamSize) counts[size] = (counts[size] as number) + count
  return counts
}

const seatsOf = ({ teams, teamSize }: Format): number => teams * teamSize
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
