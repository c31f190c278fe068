import type { Candidate, Found } from '../teams/exchange.ts'
import { type SizeSet, sizesIn } from '../teams/packing.ts'
import type { Format, Trials } from '../teams/split.ts'
import type { Candidates } from './candidates.ts'
import type { FormatSearch, Ground } from './finding.ts'
import type { RoleCheck } from './role-check.ts'
import { mixedLooks, shareOf } from './shares.ts'
import { createTeamMaking, isGood, SPARES, type TeamRequest } from './team-making.ts'

const SMALL_POOL = 200
// Among so many tickets all near ones are about equally good.
const LARGE_POOL = 1_000
const FAR_SHARE = 0.25
// How far a search goes for a ticket that takes any group, and for the others.
const THOROUGH_STEPS = 20_000
const QUICK_STEPS = 400
// How often teams are tried where roles or sizes hardly allow any.
const THOROUGH_TRIALS = 20_000
const QUICK_TRIALS = 4_000
const LEAST_TRIALS = 200

interface GroupRequest extends FormatSearch {
  /** What is left for all formats. */
  trials: Trials
}
interface Search extends TeamRequest, GroupRequest {
  sizes: SizeSet
  steps: number
}

/** Finds the group for a ticket in one format: fills it from the nearest tickets on and goes back where that fails. */
export function createGroupSearch(ground: Ground, candidates: Candidates, roles: RoleCheck) {
  const { effort } = ground
  const { mayMeet, nearestTo, gatherFrom } = candidates
  const teamMaking = createTeamMaking(ground, candidates, roles)

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

  /** The best of this group and of those around its lower and its upper end. */
  function bestBeside(search: Search, first: Found): Found {
    const { rating } = search.anchor
    const ratings = first.members.map((one) => one.rating)
    const half = (Math.max(...ratings) - Math.min(...ratings)) / 2
    if (half === 0) return first
    const others = [rating - half, rating + half].map((centre) => groupAround(search, centre))
    return others.reduce<Found>((best, other) => (other && other.surplus > best.surplus ? other : best), first)
  }

  /** The nearest tickets of each size, with so many spares. */
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

  /** Fills the group from the ticket nearest to `centre` on. */
  function groupAround(search: Search, centre: number): Found | null {
    const { anchor, candidates: order, format } = search
    order.sort(nearestTo(centre))
    const seats = seatsOf(format)
    const counts = Array<number>(format.teamSize + 1).fill(0)
    counts[anchor.size] = 1
    const chosen = [anchor]
    const most = Math.min(search.steps, search.trials.left)
    let steps = most
    const fill = (from: number, players: number): Found | null => {
      if (players === seats) return teamMaking.make(search, [...chosen])
      for (let n = from; n < order.length; n += 1) {
        const next = order[n] as Candidate
        steps -= 1
        if (steps < 0 || search.trials.left < 0) return null
        if (players + next.size > seats) continue
        counts[next.size] = (counts[next.size] as number) + 1
        if (search.packing.fits(counts, search.sizes) && isWelcome(search, chosen, next)) {
          chosen.push(next)
          const found = fill(n + 1, players + next.size)
          if (found) return found
          chosen.pop()
        }
        counts[next.size] = (counts[next.size] as number) - 1
      }
      return null
    }
    const found = fill(0, anchor.size)
    search.trials.left -= most - Math.max(0, steps)
    effort.spent += order.length
    return found
  }

  /** Chooses sizes that fill every team first, then the nearest tickets of each size. */
  function bySize(search: Search): Found | null {
    const { anchor, packing, atHand } = search
    const left = packing.recipe(atHand, anchor.size)
    if (!left) return null
    left[anchor.size] = (left[anchor.size] as number) - 1
    const chosen = [anchor]
    for (const next of search.candidates) {
      if ((left[next.size] ?? 0) <= 0 || !isWelcome(search, chosen, next)) continue
      left[next.size] = (left[next.size] as number) - 1
      chosen.push(next)
    }
    return left.every((count) => count === 0) ? teamMaking.make(search, chosen) : null
  }

  function isWelcome({ lane, format }: Search, chosen: readonly Candidate[], next: Candidate): boolean {
    if (!chosen.every((one) => mayMeet(one, next))) return false
    if (lane.plan.roles.length === 0) return true
    const members = [...chosen, next]
    const players = members.reduce((sum, { size }) => sum + size, 0)
    return roles.areFilled(lane, members, format.teams, seatsOf(format) - players)
  }

  return { find }
}

const seatsOf = ({ teams, teamSize }: Format): number => teams * teamSize

/** No exchange makes up for so much mismatch at this instant. */
const isFarOff = ({ mismatch, surplus }: Found): boolean => mismatch * FAR_SHARE > surplus + mismatch
