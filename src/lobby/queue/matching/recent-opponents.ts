import type { Clock, EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'

const REMEMBERED = 3
// Of a larger match, so many: in a crowd nobody minds to meet somebody again.
const MAX_OPPONENTS = 16
const MAX_PLAYERS = 20_000

export type RecentOpponents = ReturnType<typeof createRecentOpponents>

/** Who played whom last, for modes that would rather have them meet somebody else. */
export function createRecentOpponents(clock: Clock) {
  const last = new Map<PlayerId, PlayerId[]>()

  return {
    /** They have met: everybody of a team has everybody of the others for an opponent. */
    met(teams: readonly (readonly PlayerId[])[]): void {
      for (const [n, team] of teams.entries()) {
        const others = teams.filter((_, other) => other !== n).flat()
        for (const player of team) {
          const known = (last.get(player) ?? []).filter((id) => !others.includes(id))
          last.delete(player)
          last.set(player, [...others, ...known].slice(0, Math.max(REMEMBERED, Math.min(others.length, MAX_OPPONENTS))))
        }
      }
      for (const player of last.keys()) {
        if (last.size <= MAX_PLAYERS) break
        last.delete(player)
      }
    },
    /** Those whom none of the players should meet again yet, for one who has waited since then; nobody after `avoidMs`. */
    toAvoid(players: readonly PlayerId[], since: EpochMs, avoidMs: number): PlayerId[] {
      if (avoidMs === 0 || clock.now() >= since + avoidMs) return []
      return [...new Set(players.flatMap((player) => last.get(player) ?? []))]
    },
  }
}
