import type { MatchmakerMode, Ticket } from '../../../src/matchmaker/api.ts'
import { canReach, headsOf, mayMeet, type Rules, regionsOf, type Shape, shapesOf, teamHasItsRoles } from './limits.ts'

export interface Waiting {
  ticket: Ticket
  waitedMs: number
}
export interface Group {
  region: string | null
  teams: Ticket[][]
}
interface Search {
  mode: MatchmakerMode
  rules: Rules
  /** The search gives up after so many steps, as if there were nothing. */
  steps?: number
}

/** Any group of these tickets that may play, found by trying everything. */
export function findGroup(waiting: readonly Waiting[], search: Search): Group | null {
  const { mode, rules } = search
  const oldest = Math.max(...waiting.map(({ waitedMs }) => waitedMs))
  const budget = { left: search.steps ?? 20_000 }
  for (const region of regionsOf(rules)) {
    const pool = waiting.filter(({ ticket }) => canReach(ticket, region, mode, rules))
    for (const shape of shapesOf(mode, oldest)) {
      const teams = fill(pool, shape, search, budget)
      if (teams) return { region, teams }
    }
  }
  return null
}

function fill(pool: readonly Waiting[], [count, size]: Shape, search: Search, budget: { left: number }) {
  const teams: Waiting[][] = Array.from({ length: count }, () => [])
  const room = teams.map(() => size)
  const left = pool.map((_, n) => headsOf(pool.slice(n).map(({ ticket }) => ticket)))

  function place(n: number, missing: number): boolean {
    budget.left -= 1
    if (missing === 0) return isFine(teams, search)
    const next = pool[n]
    if (!next || (left[n] ?? 0) < missing || budget.left < 0) return false
    const heads = next.ticket.players.length
    const isWelcome = teams.every((team) => team.every(({ ticket }) => mayMeet(ticket, next.ticket)))
    let hasSeenEmpty = false
    for (const [which, team] of isWelcome ? teams.entries() : []) {
      const isEmpty = team.length === 0
      if ((room[which] ?? 0) < heads || (isEmpty && hasSeenEmpty)) continue
      hasSeenEmpty ||= isEmpty
      team.push(next)
      room[which] = (room[which] ?? 0) - heads
      if (place(n + 1, missing - heads)) return true
      team.pop()
      room[which] = (room[which] ?? 0) + heads
    }
    return place(n + 1, missing)
  }
  return place(0, count * size) ? teams.map((team) => team.map(({ ticket }) => ticket)) : null
}

function isFine(teams: readonly Waiting[][], { mode }: Search): boolean {
  const group = teams.flat()
  const oldest = Math.max(...group.map(({ waitedMs }) => waitedMs))
  const size = headsOf((teams[0] ?? []).map(({ ticket }) => ticket))
  if (!shapesOf(mode, oldest).some(([count, each]) => count === teams.length && each === size)) return false
  const haveRoles = teams.every((team) =>
    teamHasItsRoles(
      mode,
      team.map(({ ticket }) => ticket),
    ),
  )
  return haveRoles
}
