import type { Clock, EpochMs } from '../../../ports.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import type { Gap } from '../../../util/outage.ts'
import type { RecordStore } from '../../record-store.ts'
import { createOffences } from './offences.ts'

const LONGEST_MS = 15 * 60_000

/** Penalties: a player who let a match down may not queue for a while, at most 15 minutes. */
export function createPenalties({ records, clock }: { records: RecordStore; clock: Pick<Clock, 'now'> }) {
  const offences = createOffences({ records, kind: 'penalty', longestMs: LONGEST_MS, clock })

  return {
    /** The player has let a match down. */
    punish: (playerId: PlayerId, reason: string): Promise<void> => offences.add(playerId, reason),
    /** The rest of the player's penalty, in ms; 0 for none. */
    leftMs: (playerId: PlayerId): number => offences.leftMs(playerId),
    /** The penalty as the player sees it, or null for none. */
    of(playerId: PlayerId): { until: EpochMs; reason: string } | null {
      const { until, reason = 'declined' } = offences.of(playerId) ?? { until: 0 }
      return until > clock.now() ? { until, reason } : null
    },
    restore: (gap: Gap): Promise<void> => offences.restore(gap),
  }
}
