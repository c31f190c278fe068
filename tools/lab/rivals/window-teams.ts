import type { MatchmakerMode, Ticket } from '../../../src/matchmaker/api.ts'

export interface Waiting {
  readonly ticket: Ticket
  readonly since: number
  readonly rating: number
}
interface Team {
  seats: number
  sum: number
  members: Waiting[]
}

/** The first tickets that fill every team, or null. */
export function filled(candidates: readonly Waiting[], { teams: count, teamSize }: MatchmakerMode): Waiting[][] | null {
  let seats = 0
  for (let most = 1; most <= candidates.length; most += 1) {
    seats += sizeOf(candidates[most - 1] as Waiting)
    if (seats < count * teamSize) continue
    const teams = packed(candidates.slice(0, most), count, teamSize)
    if (teams) return evened(teams).map(({ members }) => members)
  }
  return null
}
const sizeOf = ({ ticket }: Waiting): number => ticket.players.length

/** The first one has a seat in any case, then the largest, each in the team with the least in it. */
function packed([first, ...rest]: readonly Waiting[], count: number, teamSize: number): Team[] | null {
  const teams: Team[] = Array.from({ length: count }, () => ({ seats: 0, sum: 0, members: [] }))
  const bySize = rest.sort((a, b) => sizeOf(b) - sizeOf(a))
  for (const one of first ? [first, ...bySize] : []) {
    const size = sizeOf(one)
    const free = teams.filter(({ seats }) => seats + size <= teamSize).sort((a, b) => a.sum - b.sum)[0]
    if (!free) continue
    free.seats += size
    free.sum += one.rating * size
    free.members.push(one)
  }
  return teams.every(({ seats }) => seats === teamSize) ? teams : null
}

/** Swaps players between the first and the last team while that reduces their difference. */
function evened(teams: Team[]): Team[] {
  const [first, last] = [teams[0], teams.at(-1)]
  if (!first || !last || first === last) return teams
  while (changePlaces(first, last)) {}
  return teams
}

function changePlaces(first: Team, last: Team): boolean {
  for (const [n, a] of first.members.entries()) {
    for (const [m, b] of last.members.entries()) {
      const moved = (b.rating - a.rating) * sizeOf(a)
      const isNearer = Math.abs(first.sum - last.sum + 2 * moved) < Math.abs(first.sum - last.sum) - 1e-9
      if (sizeOf(a) !== sizeOf(b) || !isNearer) continue
      first.members[n] = b
      last.members[m] = a
      first.sum += moved
      last.sum -= moved
      return true
    }
  }
  return false
}
