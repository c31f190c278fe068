import { acceptedBy, type Candidate, type Found, weigh } from '../teams/exchange.ts'
import { spreadOfPlayers } from '../teams/mismatch.ts'
import { type Packing, sumOf } from '../teams/packing.ts'
import { dealt, fillable, levelled, Seating } from '../teams/seating.ts'
import type { Format } from '../teams/split.ts'
import { TeamRoles } from '../teams/team-roles.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import type { Candidates } from './candidates.ts'
import { Company } from './company.ts'
import type { Ground } from './finding.ts'
import { peaceableFirst } from './peaceable.ts'
import { mixedLooks, shareOf } from './shares.ts'

// Of each size so many times its share of those who wait are looked at first, and so many more.
const TIMES_ITS_SHARE = 2
const AND_MORE = 4
const MOST_MORE = 4_000
// Further from acceptable than this share of what keeps it from being even, teams need not be made yet.
const NEARLY = 0.05

export interface CrowdSearch {
  lane: Lane
  anchor: Candidate
  format: Format
  packing: Packing
  sources: readonly Pool[]
  /** How many tickets of each size may be had, the anchor among them. */
  atHand: readonly number[]
  isThorough: boolean
  now: number
}
/** A group, or else how many players were found for it. */
export interface Gathered {
  found: Found | null
  reached: number
}

/**
 * Finds the group for a ticket of a mode with many seats. Nothing is tried twice: the nearest are seated as they come,
 * where sizes, roles and wishes allow it, so that a seat costs about the same in a match of a thousand.
 */
export function createCrowds(ground: Ground, { gatherFrom, areAlike, refusedUntil, isOlder, nearestTo }: Candidates) {
  const { roster, effort, exclusions } = ground

  function find(search: CrowdSearch): Gathered {
    const { format, atHand, isThorough } = search
    const sizes = [...atHand.keys()].filter((size) => (atHand[size] as number) > 0)
    const canFill = fillable(format.teamSize, sizes)
    effort.spent += format.teamSize >> 4
    if (!canFill[format.teamSize]) return { found: null, reached: 0 }
    let candidates = gather(search, !isThorough)
    let { teams, reached } = seatNearest(search, candidates, canFill)
    if (!teams && !isThorough) {
      candidates = gather(search, false)
      ;({ teams, reached } = seatNearest(search, candidates, canFill))
    }
    if (!teams && exclusions.hasBlocked) {
      const again = seatNearest(search, peaceableFirst(candidates, roster), canFill)
      effort.spent += candidates.length
      teams = again.teams
      reached = Math.max(reached, again.reached)
    }
    teams ??= seatBySize(search, candidates)
    if (!teams) return { found: null, reached }
    effort.spent += teams.length + candidates.length
    return { found: finish(search, teams, candidates), reached: format.teams * format.teamSize }
  }

  /** The nearest of each size whom the ticket may meet: as many as its share of the seats, or as could be needed. */
  function gather(search: CrowdSearch, isByShare: boolean): Candidate[] {
    const { anchor, format, sources, isThorough } = search
    const seats = format.teams * format.teamSize
    const players = sources.reduce((sum, { count, size }) => sum + count * size, 0)
    const found: Candidate[] = []
    for (const pool of sources) {
      if (pool.size > format.teamSize) continue
      const needed = Math.ceil(seats / pool.size)
      const share = Math.ceil((TIMES_ITS_SHARE * needed * pool.count * pool.size) / players) + AND_MORE
      const most = needed + (isThorough ? Math.min(9 * needed, MOST_MORE) : AND_MORE)
      const byShare = isByShare ? Math.min(share, most) : shareOf(pool, sources, most)
      gatherFrom(pool, pool.isMixed ? mixedLooks(most, isThorough) : byShare, search, found)
    }
    return found.sort(nearestTo(anchor.rating))
  }

  /** Seats the anchor, and then one after the other who is welcome and for whom there is room. */
  function seatNearest({ lane, anchor, format }: CrowdSearch, candidates: readonly Candidate[], canFill: boolean[]) {
    const { roles } = lane.plan
    const admissionOf = roles.length === 0 ? null : () => admissionTo(new TeamRoles(roles))
    const seating = new Seating({ format, canFill, admissionOf })
    const company = new Company(ground)
    const seats = seating.free
    if (!seating.seat(anchor)) return { teams: null, reached: 0 }
    company.add(anchor)
    for (const one of candidates) {
      if (seating.free === 0) break
      if (company.welcomes(one) && seating.seat(one)) company.add(one)
    }
    return { teams: seating.free === 0 ? seating.teams : null, reached: seats - seating.free }
  }

  const admissionTo = (roles: TeamRoles) => ({
    admit: ({ slot }: Candidate, room: number): boolean => roles.admit(roster.tickets.get(slot), room),
  })

  /** Where seating them as they come leads nowhere: first how many of each size fill everything, then who they are. */
  function seatBySize({ lane, anchor, format, packing, atHand }: CrowdSearch, candidates: readonly Candidate[]) {
    const patterns = lane.plan.roles.length === 0 ? packing.patterns(atHand, anchor.size) : null
    if (!patterns) return null
    const left = sumOf(patterns, format.teamSize)
    const company = new Company(ground)
    const chosen: Candidate[][] = left.map(() => [])
    for (const one of [anchor, ...candidates]) {
      if ((left[one.size] ?? 0) === 0 || !company.welcomes(one)) continue
      left[one.size] = (left[one.size] as number) - 1
      chosen[one.size]?.push(one)
      company.add(one)
    }
    if (left.some((count) => count > 0)) return null
    return patterns.map((pattern) => pattern.flatMap((count, size) => chosen[size]?.splice(0, count) ?? []))
  }

  function finish(search: CrowdSearch, teams: Candidate[][], candidates: readonly Candidate[]): Found {
    const { lane, format, now } = search
    const members = teams.flat()
    const accepted = acceptedBy(members)
    const spread = spreadOfPlayers(members)
    const isDue = members.some(({ isOverdue }) => isOverdue) || accepted >= (1 - NEARLY) * spread
    // How far apart the teams are comes on top: it is soon enough to make them when the players are near enough.
    if (!isDue) return { teams, members, mismatch: spread, surplus: accepted - spread }
    const isEven = lane.plan.roles.length > 0 || format.teams === 1 || format.teamSize === 1
    const found = weigh(isEven ? teams : levelled(dealt(teams, format)), members)
    const eldest = withEldest(found, candidates)
    return refusedUntil(eldest.members, now) > now ? found : eldest
  }

  /** Gives the places of those who are alike to the oldest of them, as far as the others want them. */
  function withEldest(found: Found, candidates: readonly Candidate[]): Found {
    const chosen = new Set(found.members)
    const others = Map.groupBy(
      candidates.filter((one) => !chosen.has(one)),
      ({ rating }) => rating,
    )
    const youngestFirst = found.members
      .filter(({ rating }) => others.has(rating))
      .sort((a, b) => (isOlder(a, b) ? 1 : -1))
    if (youngestFirst.length === 0) return found
    const company = new Company(ground)
    for (const one of found.members) company.add(one)
    const instead = new Map<Candidate, Candidate>()
    for (const member of youngestFirst) {
      company.remove(member)
      const older = olderThan(
        member,
        others.get(member.rating) ?? [],
        (one) => !chosen.has(one) && company.welcomes(one),
      )
      company.add(older ?? member)
      if (!older) continue
      chosen.add(older)
      instead.set(member, older)
    }
    if (instead.size === 0) return found
    const swap = (one: Candidate) => instead.get(one) ?? one
    return weigh(
      found.teams.map((team) => team.map(swap)),
      found.members.map(swap),
    )
  }

  /** The first of those who are as good, the oldest first, who is older and alike in everything else. */
  function olderThan(member: Candidate, others: readonly Candidate[], isFree: (one: Candidate) => boolean) {
    for (const one of others) {
      if (!isOlder(one, member)) return null
      if (areAlike(one, member) && isFree(one)) return one
    }
    return null
  }

  return { find }
}
