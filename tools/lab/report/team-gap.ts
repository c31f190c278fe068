import type { Ticket } from '../../../src/matchmaker/api.ts'

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** How far apart the means of the best and the worst team are, from the players themselves. */
export function teamGap(teams: readonly (readonly Ticket[])[]): number {
  const means = teams.map((tickets) => meanOf(tickets.flatMap(({ players }) => players.map(({ mu }) => mu))))
  return means.length < 2 ? 0 : Math.max(...means) - Math.min(...means)
}
