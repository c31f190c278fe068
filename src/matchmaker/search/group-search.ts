import type { Candidate, Found } from '../teams/exchange.ts'
import { sizesIn } from '../teams/party-sizes.ts'
import type { Candidates } from './candidates.ts'
import type { Ground } from './finding.ts'
import { createGroupFilling, type GroupRequest, type Search, seatsOf } from './group-filling.ts'
import type { RoleCheck } from './role-check.ts'
import { mixedLooks, shareOf } from './shares.ts'
import { isGood, SPARES } from './team-making.ts'

const SMALL_POOL = 200
// Among this many tickets, all near ones are about equally good.
const LARGE_POOL = 1_000
const FAR_SHARE = 0.25
// How far a search goes for a ticket that takes any group, and for the others.
const THOROUGH_STEPS = 20_000
const QUICK_STEPS = 400
// The number of trials where roles or sizes allow few teams.
const THOROUGH_TRIALS = 20_000
const QUICK_TRIALS = 4_000
const LEAST_TRIALS = 200

/** Finds the group for a ticket in one format, more thoroughly for a ticket that accepts any group. */
export function createGroupSearch(ground: Ground, candidates: Candidates, roles: RoleCheck) {
  const { effort } = ground
  const { gatherFrom } = candidates
  const { groupAround, bySize } = createGroupFilling(ground, candidates, roles)

  /** Larger formats leave at least `LEAST_TRIALS` to each smaller one. */
  function find(request: GroupRequest): Found | null {
    const { isThorough, atHand, trials: all } = request
    const [mostTrials, steps] = isThorough ? [THOROUGH_TRIALS, THOROUGH_STEPS] : [QUICK_TRIALS, QUICK_STEPS]
    const most = Math.min(mostTrials, Math.max(LEAST_TRIALS, all.left / 2))
    const trials = { left: most }
    const found = bestIn({ ...request, trials, steps, sizes: sizesIn(atHand), candidates: [], rounds: 0 })
    const spent = most - Math.max(0, trials.left)
    all.left -= spent
    effort.spent += spent
    return found
  }

  function bestIn(search: Search): Found | null {
    const { anchor, isThorough, sources } = search
    let total = 0
    for (const { count } of sources) total += count
    if (total > SMALL_POOL && !isThorough) {
      search.candidates = gather(search, 0)
      const nearest = groupAround(search, anchor.rating)
      const isFar = total > LARGE_POOL && !anchor.isOverdue && nearest !== null && isFarOff(nearest)
      if (nearest && (isFar || isGood(nearest))) return nearest
    }
    search.rounds = total > LARGE_POOL ? 2 : 6
    search.candidates = gather(search, SPARES)
    const first = groupAround(search, anchor.rating)
    if (!first) return bySize(search)
    return total > SMALL_POOL ? first : bestBeside(search, first)
  }

  /** The best of this group and the groups around its lowest and its highest rating. */
  function bestBeside(search: Search, first: Found): Found {
    const { rating } = search.anchor
    const ratings = first.members.map((one) => one.rating)
    const half = (Math.max(...ratings) - Math.min(...ratings)) / 2
    if (half === 0) return first
    const others = [rating - half, rating + half].map((centre) => groupAround(search, centre))
    return others.reduce<Found>((best, other) => (other && other.surplus > best.surplus ? other : best), first)
  }

  /** The nearest tickets of each size that a group needs, and this many spares. */
  function gather(search: Search, spares: number): Candidate[] {
    const { format, sources, isThorough } = search
    const found: Candidate[] = []
    for (const pool of sources) {
      if (pool.size > format.teamSize) continue
      const needed = Math.ceil(seatsOf(format) / pool.size) + spares
      const wanted = isThorough ? 10 * needed : needed
      gatherFrom(pool, pool.isMixed ? mixedLooks(wanted, isThorough) : shareOf(pool, sources, wanted), search, found)
    }
    return found
  }

  return { find }
}

/** No exchange compensates for this much mismatch at this instant. */
const isFarOff = ({ mismatch, surplus }: Found): boolean => mismatch * FAR_SHARE > surplus + mismatch
