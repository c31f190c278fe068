import type { Clock, EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import type { Gap } from '../../../util/outage.ts'
import type { RecordStore } from '../../record-store.ts'
import { createOffences } from './offences.ts'

const LONGEST_MS = 15 * 60_000

/** Keeps players who let others down out of the queue for a while, up to a quarter of an hour. */
export function createPenalties({ records, clock }: { records: RecordStore; clock: Pick<Clock, 'now'> }) {
  const offences = createOffences({ records, kind: 'penalty', longestMs: LONGEST_MS, clock })

  return {
    /** Somebody has let a match down. */
    punish: (playerId: PlayerId, reason: string): Promise<void> => offences.add(playerId, reason),
    /** How long the player must still wait before queueing, in ms; 0 for who may. */
    leftMs: (playerId: PlayerId): number => offences.leftMs(playerId),
    /** For the player to see; null for who may queue. */
    of(playerId: PlayerId): { until: EpochMs; reason: string } | null {
      const { until, reason = 'declined' } = offences.of(playerId) ?? { until: 0 }
      return until > clock.now() ? { until, reason } : null
    },
    restore: (gap: Gap): Promise<void> => offences.restore(gap),
  }
}
