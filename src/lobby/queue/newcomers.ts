import type { Clock, EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'

// A café or a school has a bad minute now and then. From the fifth on within ten minutes it looks like one person who
// comes as somebody new each time; half of it is forgotten every ten minutes.
const FREE = 4
const HALF_LIFE_MS = 10 * 60_000
const FIRST_MS = 5_000
const FACTOR = 3
const LONGEST_MS = 5 * 60_000
const MAX_REMEMBERED = 20_000

interface Place {
  weight: number
  at: EpochMs
  until: EpochMs
}
interface NewcomersParts {
  /** Where a guest comes from, for whom nobody answers; null for anyone else. */
  originOf: (playerId: PlayerId) => string | null
  hasPlayed: (playerId: PlayerId) => boolean
  clock: Clock
}

/**
 * Keeps a penalty from being left behind with a name: guests who have not played yet share a budget with all who come
 * from the same address. Kept in memory alone.
 */
export function createNewcomers({ originOf, hasPlayed, clock }: NewcomersParts) {
  /** Where those who queued came from, for when they are gone. */
  const origins = new Map<PlayerId, string>()
  const places = new Map<string, Place>()

  const weightOf = ({ weight, at }: Place): number => weight * 0.5 ** ((clock.now() - at) / HALF_LIFE_MS)

  function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    map.delete(key)
    map.set(key, value)
    const [oldest] = map.keys()
    if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest)
  }

  return {
    /** These want to play. */
    come(players: readonly { id: PlayerId }[]): void {
      for (const { id } of players) {
        const origin = originOf(id)
        if (origin !== null) remember(origins, id, origin)
      }
    },
    wasPunished(playerId: PlayerId): void {
      const origin = origins.get(playerId)
      if (origin === undefined || hasPlayed(playerId)) return
      const known = places.get(origin)
      const weight = (known ? weightOf(known) : 0) + 1
      const at = clock.now()
      const waitMs = weight > FREE ? Math.min(FIRST_MS * FACTOR ** (weight - FREE - 1), LONGEST_MS) : 0
      remember(places, origin, { weight, at, until: at + Math.round(waitMs) })
    },
    /** How long one who is new has to wait for what others from there did; 0 for anyone else. */
    leftMs(playerId: PlayerId): number {
      const origin = originOf(playerId)
      if (origin === null || hasPlayed(playerId)) return 0
      return Math.max(0, (places.get(origin)?.until ?? 0) - clock.now())
    },
  }
}
