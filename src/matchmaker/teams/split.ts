import type { Member } from './mismatch.ts'
import { spreadOfSums } from './mismatch.ts'

/** For up to this many tickets all divisions into two teams are tried. */
const EXACT_UP_TO = 14
const MAX_TRIALS = 20_000
// Summing up this many divisions takes as long as looking at one of them.
const WAYS_PER_TRIAL = 128
const MAX_ROUNDS = 8

export interface Format {
  teams: number
  teamSize: number
}
/** Whether a team has its roles. */
export type IsSound = (team: readonly Member[]) => boolean

/** The number of further steps, placements and checks of teams, shared by all formats. */
export interface Trials {
  left: number
}

/**
 * Divides the members into full teams whose sums are close. Returns null when that is impossible or not found within
 * the trials.
 */
export function split(
  members: readonly Member[],
  format: Format,
  isSound: IsSound,
  trials: Trials = { left: MAX_TRIALS },
): Member[][] | null {
  const { teams } = format
  if (teams === 1) return isSound(members) ? [[...members]] : null
  if (members.length === teams) return members.every((one) => isSound([one])) ? members.map((one) => [one]) : null
  if (teams === 2 && members.length <= EXACT_UP_TO) return halve(members, format, isSound, trials)
  const placed = place(members, format, isSound, trials)
  return placed && exchange(placed, isSound)
}

const sizes = new Int32Array(1 << EXACT_UP_TO)
const ratings = new Float64Array(1 << EXACT_UP_TO)

/** Finds the best of all divisions into two teams. */
function halve(members: readonly Member[], { teamSize }: Format, isSound: IsSound, trials: Trials): Member[][] | null {
  const all = 1 << members.length
  trials.left -= all / WAYS_PER_TRIAL
  if (trials.left < 0) return null
  for (let chosen = 1; chosen < all; chosen += 1) {
    const rest = chosen & (chosen - 1)
    const { size, rating } = members[31 - Math.clz32(chosen ^ rest)] as Member
    sizes[chosen] = (sizes[rest] as number) + size
    ratings[chosen] = (ratings[rest] as number) + size * rating
  }
  const total = ratings[all - 1] as number
  let best: Member[][] | null = null
  let bestSpread = Number.POSITIVE_INFINITY
  // The first member is always in the first team; the other divisions are mirror images.
  for (let chosen = 1; chosen < all; chosen += 2) {
    if (sizes[chosen] !== teamSize) continue
    const spread = Math.abs(total - 2 * (ratings[chosen] as number))
    if (spread >= bestSpread) continue
    trials.left -= 1
    if (trials.left < 0) break
    const teams = [true, false].map((isIn) => members.filter((_, n) => ((chosen >> n) & 1) === (isIn ? 1 : 0)))
    if (!teams.every(isSound)) continue
    best = teams
    bestSpread = spread
  }
  return best
}

/** Finds a first division: large parties and strong players first, each to the weakest team with room. */
function place(
  members: readonly Member[],
  { teams, teamSize }: Format,
  isSound: IsSound,
  trials: Trials,
): Member[][] | null {
  const order = [...members].sort((a, b) => b.size - a.size || b.rating - a.rating)
  const parts = Array.from({ length: teams }, (): Member[] => [])
  const rooms = Array<number>(teams).fill(teamSize)
  const sums = Array<number>(teams).fill(0)

  function put(team: number, member: Member, sign: 1 | -1): void {
    if (sign === 1) parts[team]?.push(member)
    else parts[team]?.pop()
    rooms[team] = (rooms[team] as number) - sign * member.size
    sums[team] = (sums[team] as number) + sign * member.size * member.rating
  }
  function go(n: number): boolean {
    const member = order[n]
    if (!member) return parts.every(isSound)
    const open = [...rooms.keys()].filter((team) => (rooms[team] as number) >= member.size)
    const strength = (team: number) => (sums[team] as number) / Math.max(1, teamSize - (rooms[team] as number))
    open.sort((a, b) => (rooms[b] as number) - (rooms[a] as number) || strength(a) - strength(b) || a - b)
    for (const team of open) {
      trials.left -= 1
      if (trials.left < 0) return false
      put(team, member, 1)
      if (go(n + 1)) return true
      put(team, member, -1)
    }
    return false
  }
  return go(0) ? parts : null
}

/** Exchanges members of equal size between the best team and another one, as long as that brings the sums closer. */
function exchange(teams: Member[][], isSound: IsSound): Member[][] {
  for (let round = 0; round < MAX_ROUNDS; round += 1) if (!exchangeOnce(teams, isSound)) break
  return teams
}

function exchangeOnce(teams: Member[][], isSound: IsSound): boolean {
  const sums = teams.map((team) => team.reduce((sum, { size, rating }) => sum + size * rating, 0))
  const spread = spreadOfSums(sums)
  const strong = teams[sums.indexOf(Math.max(...sums))] as Member[]
  for (const [at, weak] of teams.entries()) {
    if (weak === strong) continue
    const from = teams.indexOf(strong)
    for (const [a, mine] of strong.entries()) {
      for (const [b, theirs] of weak.entries()) {
        const moved = mine.size === theirs.size ? mine.size * (mine.rating - theirs.rating) : 0
        if (moved <= 0) continue
        const after = [...sums]
        after[from] = (sums[from] as number) - moved
        after[at] = (sums[at] as number) + moved
        if (spreadOfSums(after) >= spread) continue
        strong[a] = theirs
        weak[b] = mine
        if (isSound(strong) && isSound(weak)) return true
        strong[a] = mine
        weak[b] = theirs
      }
    }
  }
  return false
}
