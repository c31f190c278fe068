import type { Clock, EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'

/** `passing`: did nothing yet; `known`: wrote, gathered or blocked; `regular`: played, or came with a backend's token. */
export type Standing = 'passing' | 'known' | 'regular'

const RANK: Record<Standing, number> = { passing: 0, known: 1, regular: 2 }
// How many of each are remembered once they are gone. One person can be many passing guests: they push out no others.
const MOST: Record<Standing, number> = { passing: 10_000, known: 20_000, regular: 50_000 }
const PASSING_MS = 24 * 3_600_000

/** Remembers players who have gone, for as long as others may still refer to them. */
export function createMemory(clock: Pick<Clock, 'now'>) {
  /** Since when each is gone, the longest first. */
  const gone: Record<Standing, Map<PlayerId, EpochMs>> = { passing: new Map(), known: new Map(), regular: new Map() }
  /** The standing of players who are more than passing, gone or not. */
  const standings = new Map<PlayerId, Standing>()

  const standingOf = (playerId: PlayerId): Standing => standings.get(playerId) ?? 'passing'
  const isGone = (playerId: PlayerId): boolean => gone[standingOf(playerId)].has(playerId)

  function* forgotten(standing: Standing): Iterable<PlayerId> {
    const now = clock.now()
    for (const [playerId, since] of gone[standing]) {
      const isOver = standing === 'passing' ? since + PASSING_MS <= now : gone[standing].size > MOST[standing]
      if (!isOver) return
      gone[standing].delete(playerId)
      standings.delete(playerId)
      yield playerId
    }
  }

  return {
    standingOf,
    isGone,
    /** Raises the standing; false when it is that high already. */
    raise(playerId: PlayerId, to: Standing): boolean {
      const from = standingOf(playerId)
      if (RANK[to] <= RANK[from]) return false
      const since = gone[from].get(playerId)
      gone[from].delete(playerId)
      standings.set(playerId, to)
      if (since !== undefined) gone[to].set(playerId, since)
      return true
    },
    /** Whether the player was remembered. */
    arrived: (playerId: PlayerId): boolean => gone[standingOf(playerId)].delete(playerId),
    /** The player is gone. Returns the players who are forgotten for it, or the player when there is no room. */
    departed(playerId: PlayerId): PlayerId[] {
      const standing = standingOf(playerId)
      const lost = [...forgotten('passing')]
      if (standing === 'passing' && gone.passing.size >= MOST.passing) return [...lost, playerId]
      gone[standing].set(playerId, clock.now())
      return [...lost, ...(standing === 'passing' ? [] : forgotten(standing))]
    },
    /** The players who are gone: the lowest standing first, then the longest gone. */
    *inOrder(): Iterable<PlayerId> {
      for (const standing of ['passing', 'known', 'regular'] as const) yield* gone[standing].keys()
    },
  }
}
