import { type Member, mismatchOf } from './mismatch.ts'
import { type Format, split } from './split.ts'

/** A ticket that may be in the group. */
export interface Candidate extends Member {
  slot: number
  classId: number
  /** What it accepts at this instant, in points. */
  tolerance: number
  isOverdue: boolean
}
/** A group in its teams. */
export interface Found {
  teams: Candidate[][]
  members: Candidate[]
  mismatch: number
  /** How much more the members accept than there is to accept. */
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
  /** How often at most; each time every member is weighed against every spare of its size. */
  rounds: number
  /** Whether the two may be in one match. */
  mayMeet(one: Candidate, other: Candidate): boolean
  /** Whether they differ in nothing but their age. */
  areAlike(one: Candidate, other: Candidate): boolean
  /** Whether the first has waited longer. */
  isOlder(one: Candidate, other: Candidate): boolean
}

/**
 * Exchanges members for spares of equal size, the best exchange first, and makes the teams anew after each, for as long
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

/** Gives each place in the group to the oldest of equivalent tickets: their estimates differ. */
export function withEldest(found: Found, { spares, mayMeet, areAlike, isOlder }: Omit<Exchange, 'anchor'>): Found {
  const eldest = new Map<Candidate, Candidate>()
  const members = [...found.members]
  for (const [n, member] of found.members.entries()) {
    let best = member
    for (const spare of spares) {
      if (spare.rating !== best.rating || !areAlike(spare, best)) continue
      if (!isOlder(spare, best) || members.includes(spare)) continue
      if (members.every((one, at) => at === n || mayMeet(one, spare))) best = spare
    }
    if (best !== member) eldest.set(member, best)
    members[n] = best
  }
  if (eldest.size === 0) return found
  return weigh(
    found.teams.map((team) => team.map((one) => eldest.get(one) ?? one)),
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
