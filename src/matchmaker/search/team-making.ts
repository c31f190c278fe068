import { type Candidate, type Found, improve, weigh, withOldest } from '../teams/exchange.ts'
import type { Member } from '../teams/mismatch.ts'
import { type Format, split, type Trials } from '../teams/split.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Candidates } from './candidates.ts'
import type { Ground } from './finding.ts'
import type { RoleCheck } from './role-check.ts'

/** The number of spares of each size; members may be exchanged for them. */
export const SPARES = 12
const GOOD_SHARE = 0.1
// The cost of making teams and of exchanging each member for spares, in tickets looked at.
const LOOKS_A_MEMBER = 4
const LOOKS_AN_EXCHANGE = 24

export interface TeamRequest {
  lane: Lane
  anchor: Candidate
  format: Format
  /** The candidates for the group, the nearest first. */
  candidates: Candidate[]
  trials: Trials
  /** The number of rounds in which members are exchanged for better ones. */
  rounds: number
  now: number
}

/** Divides a complete group into teams, then exchanges members for better and for older tickets. */
export function createTeamMaking(
  { effort }: Ground,
  { mayMeet, areAlike, refusedUntil, isOlder }: Candidates,
  roles: RoleCheck,
) {
  const rules = { mayMeet, areAlike, isOlder }

  function make(request: TeamRequest, members: Candidate[]): Found | null {
    const { format, lane, trials } = request
    const isSound = (team: readonly Member[]) => roles.areFilled(lane, team as readonly Candidate[], 1, 0)
    const teams = split(members, format, isSound, trials) as Candidate[][] | null
    if (!teams) return null
    effort.spent += LOOKS_A_MEMBER * members.length
    return aged(request, exchanged(request, weigh(teams, members)))
  }

  /** An exchange could leave a role unfilled, so a mode with roles has none. */
  function exchanged(request: TeamRequest, found: Found): Found {
    const { anchor, format, lane, rounds } = request
    if (rounds === 0 || lane.plan.roles.length > 0 || isGood(found)) return found
    effort.spent += LOOKS_AN_EXCHANGE * found.members.length
    return improve(found, { anchor, format, rounds, spares: sparesFor(request, found), ...rules })
  }

  /** Prefers the oldest of equivalent tickets, unless they have just refused each other. */
  function aged({ format, candidates, rounds, now }: TeamRequest, found: Found): Found {
    const isRefused = (group: Found) => refusedUntil(group.members, now) > now
    const older = withOldest(found, { format, rounds, spares: candidates, ...rules })
    if (!isRefused(older)) return older
    const others = candidates.filter((one) => found.members.includes(one) || !older.members.includes(one))
    const next = withOldest(found, { format, rounds, spares: others, ...rules })
    return isRefused(next) ? found : next
  }

  return { make }
}

/** The nearest candidates of each size that are not in the group. */
function sparesFor({ candidates }: TeamRequest, { members }: Found): Candidate[] {
  const counts: number[] = []
  return candidates.filter((one) => {
    if (members.includes(one)) return false
    counts[one.size] = (counts[one.size] ?? 0) + 1
    return (counts[one.size] as number) <= SPARES
  })
}

/** Ends the search: the mismatch is a small part of what the members accept. */
export const isGood = ({ mismatch, surplus }: Found): boolean => mismatch <= GOOD_SHARE * (surplus + mismatch)
