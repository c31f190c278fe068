import type { Clock } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import type { Gap } from '../../../util/outage.ts'
import type { RecordStore } from '../../record-store.ts'
import { createOffences } from './offences.ts'

// A café or a school has a bad minute now and then. Five offences within ten minutes look like one person with a new
// guest account each time.
const FREE = 4
const LONGEST_MS = 5 * 60_000
const MAX_REMEMBERED = 20_000

export interface AddressPenaltiesParts {
  /** The hashed address of a guest account; null for signed-in players. */
  originOf: (playerId: PlayerId) => string | null
  hasPlayed: (playerId: PlayerId) => boolean
  records: RecordStore
  clock: Pick<Clock, 'now'>
}

/**
 * Keeps a penalty from being left behind with a name: guests who have not played yet share a budget with all who come
 * from the same address.
 */
export function createAddressPenalties({ originOf, hasPlayed, records, clock }: AddressPenaltiesParts) {
  /** The addresses of players who have queued, kept after they disconnect. */
  const origins = new Map<PlayerId, string>()
  const places = createOffences({
    records,
    kind: 'newcomers',
    free: FREE,
    longestMs: LONGEST_MS,
    most: MAX_REMEMBERED,
    clock,
  })

  return {
    /** These players want to queue. */
    come(players: readonly { id: PlayerId }[]): void {
      for (const { id } of players) {
        const origin = originOf(id)
        if (origin === null) continue
        origins.delete(id)
        origins.set(id, origin)
        const [oldest] = origins.keys()
        if (origins.size > MAX_REMEMBERED && oldest !== undefined) origins.delete(oldest)
      }
    },
    async wasPunished(playerId: PlayerId): Promise<void> {
      // For a player who queued before a restart, the present address counts.
      const origin = origins.get(playerId) ?? originOf(playerId)
      if (origin !== null && !hasPlayed(playerId)) await places.add(origin)
    },
    /** How long a new guest has to wait for offences from the same address, in ms; 0 for other players. */
    leftMs(playerId: PlayerId): number {
      const origin = originOf(playerId)
      return origin === null || hasPlayed(playerId) ? 0 : places.leftMs(origin)
    },
    restore: (gap: Gap): Promise<void> => places.restore(gap),
  }
}
