import { acceptedBy, type Candidate, type Found, weigh } from '../../teams/exchange.ts'
import { dealt, levelled } from '../../teams/levelling.ts'
import { spreadOfPlayers } from '../../teams/mismatch.ts'
import { fillable } from '../../teams/seating.ts'
import type { Candidates } from '../candidates.ts'
import type { FormatSearch, Ground } from '../finding.ts'
import { mixedLooks, shareOf } from '../shares.ts'
import { createOldestFirst } from './oldest-first.ts'
import { createSeatPlayers } from './seat-players.ts'

// The first search takes this multiple of a size's share among the waiting players, plus this many.
const TIMES_ITS_SHARE = 2
const AND_MORE = 4
const MAX_MORE = 4_000
// Teams are made only once the members accept all but this share of the mismatch between players.
const NEARLY = 0.05

/** The group, or null and how many players were found for it. */
export interface Gathered {
  found: Found | null
  reached: number
}

/**
 * Finds the group for a ticket of a mode with many seats. It seats the nearest tickets one after the other, where sizes,
 * roles and wants allow it, and never goes back: a seat costs about the same in a match of a thousand.
 */
export function createCrowds(ground: Ground, candidates: Candidates) {
  const { effort } = ground
  const { gatherFrom, refusedUntil, nearestTo } = candidates
  const seats = createSeatPlayers(ground)
  const { withOldest } = createOldestFirst(ground, candidates)

  function find(search: FormatSearch): Gathered {
    const { format, atHand, isThorough } = search
    const sizes = [...atHand.keys()].filter((size) => (atHand[size] as number) > 0)
    const canFill = fillable(format.teamSize, sizes)
    effort.spent += format.teamSize >> 4
    if (!canFill[format.teamSize]) return { found: null, reached: 0 }
    let candidates = gather(search, !isThorough)
    let { teams, reached } = seats.seatNearest(search, candidates, canFill)
    if (!teams && !isThorough) {
      candidates = gather(search, false)
      ;({ teams, reached } = seats.seatNearest(search, candidates, canFill))
    }
    if (!teams) {
      const other = seats.seatOtherwise(search, candidates, canFill)
      teams = other.teams
      reached = Math.max(reached, other.reached)
    }
    if (!teams) return { found: null, reached }
    effort.spent += teams.length + candidates.length
    return { found: finish(search, teams, candidates), reached: format.teams * format.teamSize }
  }

  /**
   * The nearest tickets of each size that the anchor may meet, as many as their share of the seats, or more if the
   * search needs them.
   */
  function gather(search: FormatSearch, isByShare: boolean): Candidate[] {
    const { anchor, format, sources, isThorough } = search
    const seats = format.teams * format.teamSize
    const players = sources.reduce((sum, { count, size }) => sum + count * size, 0)
    const found: Candidate[] = []
    for (const pool of sources) {
      if (pool.size > format.teamSize) continue
      const needed = Math.ceil(seats / pool.size)
      const share = Math.ceil((TIMES_ITS_SHARE * needed * pool.count * pool.size) / players) + AND_MORE
      const most = needed + (isThorough ? Math.min(9 * needed, MAX_MORE) : AND_MORE)
      const byShare = isByShare ? Math.min(share, most) : shareOf(pool, sources, most)
      gatherFrom(pool, pool.isMixed ? mixedLooks(most, isThorough) : byShare, search, found)
    }
    return found.sort(nearestTo(anchor.rating))
  }

  function finish(search: FormatSearch, teams: Candidate[][], candidates: readonly Candidate[]): Found {
    const { lane, format, now } = search
    const members = teams.flat()
    const accepted = acceptedBy(members)
    const spread = spreadOfPlayers(members)
    const isDue = members.some(({ isOverdue }) => isOverdue) || accepted >= (1 - NEARLY) * spread
    // The gap between teams only adds to the mismatch between players, so teams need not be made before.
    if (!isDue) return { teams, members, mismatch: spread, surplus: accepted - spread }
    const isEven = lane.plan.roles.length > 0 || format.teams === 1 || format.teamSize === 1
    const found = weigh(isEven ? teams : levelled(dealt(teams, format)), members)
    const older = withOldest(found, candidates)
    return refusedUntil(older.members, now) > now ? found : older
  }

  return { find }
}
