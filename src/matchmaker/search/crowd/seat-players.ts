import type { Candidate } from '../../teams/exchange.ts'
import { sumOf } from '../../teams/party-sizes.ts'
import { Seating } from '../../teams/seating.ts'
import { TeamRoles } from '../../teams/team-roles.ts'
import type { Roster } from '../../tickets/roster.ts'
import type { FormatSearch, Ground } from '../finding.ts'
import { Company } from './company.ts'

/** Full teams, or null and the number of players that were seated. */
interface Seated {
  teams: Candidate[][] | null
  reached: number
}

/** Fills the teams of a match with many seats, looking at each candidate once. */
export function createSeatPlayers(ground: Ground) {
  const { roster, exclusions, effort } = ground

  /** Seats the anchor, then each candidate that the others accept and that has room in a team. */
  function seatNearest(search: FormatSearch, candidates: readonly Candidate[], canFill: readonly boolean[]): Seated {
    const { lane, anchor, format } = search
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

  /** After `seatNearest` failed: changes the order of the candidates, then chooses the sizes first. */
  function seatOtherwise(search: FormatSearch, candidates: readonly Candidate[], canFill: readonly boolean[]): Seated {
    let reached = 0
    if (exclusions.hasBlocked) {
      effort.spent += candidates.length
      const again = seatNearest(search, fewestBlocksFirst(candidates, roster), canFill)
      if (again.teams) return again
      reached = again.reached
    }
    return { teams: seatBySize(search, candidates), reached }
  }

  /** Chooses how many tickets of each size fill every team, then takes the nearest of each size. */
  function seatBySize({ lane, anchor, format, packing, atHand }: FormatSearch, candidates: readonly Candidate[]) {
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

  return { seatNearest, seatOtherwise }
}

/**
 * Sorts the candidates by the number of their blocks with each other, the fewest first: a ticket with many blocks
 * excludes many others.
 */
function fewestBlocksFirst(candidates: readonly Candidate[], { tickets }: Roster): Candidate[] {
  const byPlayer = new Map<string, Candidate>()
  for (const one of candidates) for (const { id } of tickets.get(one.slot).players) byPlayer.set(id, one)
  const blockCounts = new Map<Candidate, number>()
  const count = (one: Candidate) => blockCounts.set(one, (blockCounts.get(one) ?? 0) + 1)
  for (const one of candidates) {
    for (const id of tickets.get(one.slot).block ?? []) {
      const blocked = byPlayer.get(id)
      if (!blocked || blocked === one) continue
      count(one)
      count(blocked)
    }
  }
  return candidates.toSorted((a, b) => (blockCounts.get(a) ?? 0) - (blockCounts.get(b) ?? 0))
}
