import type { Clock } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import type { Gap } from '../../../util/outage.ts'
import type { RecordStore } from '../../record-store.ts'
import { createOffences } from './offences.ts'

// A café or a school has a bad minute now and then. From the fifth on within ten minutes it looks like one person who
// comes as somebody new each time.
const FREE = 4
const LONGEST_MS = 5 * 60_000
const MAX_REMEMBERED = 20_000

export interface AddressPenaltiesParts {
  /** Where a guest comes from, for whom nobody answers; null for anyone else. It is kept, and says nothing to others. */
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
  /** Where those who queued came from, for when they are gone. */
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
    /** These want to play. */
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
      // Who queued before a restart is known by where they are now.
      const origin = origins.get(playerId) ?? originOf(playerId)
      if (origin !== null && !hasPlayed(playerId)) await places.add(origin)
    },
    /** How long one who is new has to wait for what others from there did; 0 for anyone else. */
    leftMs(playerId: PlayerId): number {
      const origin = originOf(playerId)
      return origin === null || hasPlayed(playerId) ? 0 : places.leftMs(origin)
    },
    restore: (gap: Gap): Promise<void> => places.restore(gap),
  }
}
