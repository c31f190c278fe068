import type { Candidate, Found } from '../teams/exchange.ts'
import type { SizeSet } from '../teams/party-sizes.ts'
import type { Format, Trials } from '../teams/split.ts'
import type { Candidates } from './candidates.ts'
import type { FormatSearch, Ground } from './finding.ts'
import type { RoleCheck } from './role-check.ts'
import { createTeamMaking, type TeamRequest } from './team-making.ts'

export interface GroupRequest extends FormatSearch {
  /** The number of trials left for all formats. */
  trials: Trials
}
export interface Search extends TeamRequest, GroupRequest {
  sizes: SizeSet
  steps: number
}

/** Fills a group with the nearest candidates, and backtracks where that fails. */
export function createGroupFilling(ground: Ground, candidates: Candidates, roles: RoleCheck) {
  const { effort } = ground
  const { mayMeet, nearestTo } = candidates
  const teamMaking = createTeamMaking(ground, candidates, roles)

  /** Fills the group, starting with the ticket nearest to `centre`. */
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

  return { groupAround, bySize }
}

export const seatsOf = ({ teams, teamSize }: Format): number => teams * teamSize
