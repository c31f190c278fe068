import type { TicketPlayer } from '../api.ts'
import { meanRating } from '../check.ts'
import type { Roster } from '../tickets/roster.ts'

type Slots = readonly number[]

/**
 * The difference between the mean ratings of the best and the worst team; `there` returns the players that a team
 * already has.
 */
export function gapOf(
  teams: readonly Slots[],
  roster: Roster,
  there: (team: number) => readonly TicketPlayer[],
): number {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const [n, team] of teams.entries()) {
    const mean = meanOf(team, roster, there(n))
    // An empty team has no mean.
    if (Number.isNaN(mean)) continue
    if (mean < least) least = mean
    if (mean > most) most = mean
  }
  return most > least ? most - least : 0
}

function meanOf(team: Slots, { size, rating }: Roster, there: readonly TicketPlayer[]): number {
  let sum = there.length === 0 ? 0 : there.length * meanRating(there)
  let players = there.length
  for (const slot of team) {
    sum += size.get(slot) * rating.get(slot)
    players += size.get(slot)
  }
  return sum / players
}
