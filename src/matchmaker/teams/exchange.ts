import { type Member, mismatchOf } from './mismatch.ts'
import { type Format, split } from './split.ts'

/** A ticket that may be in the group. */
export interface Candidate extends Member {
  slot: number
  classId: number
  /** Its tolerance at this instant, in points. */
  tolerance: number
  isOverdue: boolean
}
/** A group that is divided into teams. */
export interface Found {
  teams: Candidate[][]
  members: Candidate[]
  mismatch: number
  /** The sum of what the members accept, minus the mismatch. */
  surplus: number
}

export function weigh(teams: Candidate[][], members: Candidate[]): Found {
  const mismatch = mismatchOf(members, sumsOf(teams))
  return { teams, members, mismatch, surplus: acceptedBy(members) - mismatch }
}

export function acceptedBy(members: readonly Candidate[]): number {
  let accepted = 0
  for (const { size, tolerance } of members) accepted += size * tolerance
  return accepted
}

const sumsOf = (teams: readonly (readonly Candidate[])[]): number[] =>
  teams.map((team) => {
    let sum = 0
    for (const { size, rating } of team) sum += size * rating
    return sum
  })

interface Exchange {
  anchor: Candidate
  format: Format
  spares: readonly Candidate[]
  /** The largest number of rounds; each compares every member with every spare of its size. */
  rounds: number
  /** Whether the two may be in one match. */
  mayMeet(one: Candidate, other: Candidate): boolean
  /** Whether they are equivalent except for their age. */
  areAlike(one: Candidate, other: Candidate): boolean
  /** Whether the first has waited longer. */
  isOlder(one: Candidate, other: Candidate): boolean
}

/**
 * Exchanges members for spares of equal size, the best exchange first, and divides the teams again after each, as long
 * as the surplus grows.
 */
export function improve(found: Found, exchange: Exchange): Found {
  let best = found
  for (let round = 0; round < exchange.rounds; round += 1) {
    const better = exchanged(best, exchange)
    if (!better) break
    const teams = split(better.members, exchange.format, () => true) as Candidate[][] | null
    const anew = teams && weigh(teams, better.members)
    best = anew && anew.surplus > better.surplus ? anew : better
  }
  return best
}

/** Replaces each member by the oldest equivalent ticket, because estimates of equivalent tickets may differ. */
export function withOldest(found: Found, { spares, mayMeet, areAlike, isOlder }: Omit<Exchange, 'anchor'>): Found {
  const older = new Map<Candidate, Candidate>()
  const members = [...found.members]
  for (const [n, member] of found.members.entries()) {
    let best = member
    for (const spare of spares) {
      if (spare.rating !== best.rating || !areAlike(spare, best)) continue
      if (!isOlder(spare, best) || members.includes(spare)) continue
      if (members.every((one, at) => at === n || mayMeet(one, spare))) best = spare
    }
    if (best !== member) older.set(member, best)
    members[n] = best
  }
  if (older.size === 0) return found
  return weigh(
    found.teams.map((team) => team.map((one) => older.get(one) ?? one)),
    members,
  )
}

function exchanged({ teams, members, surplus }: Found, { anchor, spares, mayMeet }: Exchange): Found | null {
  const accepted = acceptedBy(members)
  const sums = sumsOf(teams)
  const tried = [...members]
  let best: { at: number; into: Candidate; surplus: number } | null = null
  for (const [at, out] of members.entries()) {
    if (out === anchor) continue
    const team = teams.findIndex((one) => one.includes(out))
    const sum = sums[team] as number
    for (const into of spares) {
      if (into.size !== out.size || members.includes(into)) continue
      tried[at] = into
      sums[team] = sum + into.size * (into.rating - out.rating)
      const left = accepted + into.size * (into.tolerance - out.tolerance) - mismatchOf(tried, sums)
      if (left <= (best?.surplus ?? surplus) + 1e-9) continue
      if (members.every((one) => one === out || mayMeet(one, into))) best = { at, into, surplus: left }
    }
    tried[at] = out
    sums[team] = sum
  }
  if (!best) return null
  const { at, into } = best
  const swap = (one: Candidate) => (one === members[at] ? into : one)
  return weigh(
    teams.map((team) => team.map(swap)),
    members.map(swap),
  )
}
