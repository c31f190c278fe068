import type { Clock, EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'

const REMEMBERED = 3
// A larger match counts with so many opponents: among many players, meeting one again does not matter.
const MAX_OPPONENTS = 16
const MAX_PLAYERS = 20_000

export type RecentOpponents = ReturnType<typeof createRecentOpponents>

/** The last opponents of each player, for modes that avoid a quick second match between them. */
export function createRecentOpponents(clock: Clock) {
  const last = new Map<PlayerId, PlayerId[]>()

  return {
    /** A match has begun: each player is an opponent of all players in the other teams. */
    met(teams: readonly (readonly PlayerId[])[]): void {
      for (const [n, team] of teams.entries()) {
        const others = opponentsOf(n, teams)
        for (const player of team) {
          const known = (last.get(player) ?? []).filter((id) => !others.includes(id))
          last.delete(player)
          last.set(player, [...others, ...known].slice(0, Math.max(REMEMBERED, others.length)))
        }
      }
      for (const player of last.keys()) {
        if (last.size <= MAX_PLAYERS) break
        last.delete(player)
      }
    },
    /** The recent opponents of a ticket's players; none when they have waited for `avoidMs` since `since`. */
    toAvoid(players: readonly PlayerId[], since: EpochMs, avoidMs: number): PlayerId[] {
      if (avoidMs === 0 || clock.now() >= since + avoidMs) return []
      return [...new Set(players.flatMap((player) => last.get(player) ?? []))]
    },
  }
}

// Stops at the most that count: among a thousand teams of one, all would be a million.
function opponentsOf(n: number, teams: readonly (readonly PlayerId[])[]): PlayerId[] {
  const opponents: PlayerId[] = []
  for (const [other, team] of teams.entries()) {
    if (opponents.length >= MAX_OPPONENTS) break
    if (other !== n) opponents.push(...team)
  }
  return opponents.slice(0, MAX_OPPONENTS)
}
