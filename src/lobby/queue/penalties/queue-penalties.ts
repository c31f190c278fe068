import type { PlayerId } from '../../../protocol/ids.ts'
import type { Gap } from '../../../util/outage.ts'
import type { Player } from '../../ports.ts'
import { type AddressPenaltiesParts, createAddressPenalties } from './address-penalties.ts'
import { createPenalties } from './penalties.ts'

interface Wait {
  member: Player
  leftMs: number
  /** Whether the player waits for what others from the same address did. */
  isForOthers: boolean
}
export type QueuePenalties = ReturnType<typeof createQueuePenalties>

/** The penalties of the players, and those that new guests share with their address. */
export function createQueuePenalties(parts: AddressPenaltiesParts) {
  const own = createPenalties(parts)
  const shared = createAddressPenalties(parts)

  function waitOf(member: Player): Wait {
    const ownMs = own.leftMs(member.id)
    const sharedMs = shared.leftMs(member.id)
    return { member, leftMs: Math.max(ownMs, sharedMs), isForOthers: sharedMs > ownMs }
  }

  return {
    of: own.of,
    /** These players want to queue. */
    queues: shared.come,
    /** The player has let a match down. */
    punish(playerId: PlayerId, reason: string): Promise<void> {
      void shared.wasPunished(playerId)
      return own.punish(playerId, reason)
    },
    /** The longest wait of these players, or null when none has to wait. */
    longestOf(members: readonly Player[]): Wait | null {
      const [longest] = members.map(waitOf).sort((a, b) => b.leftMs - a.leftMs)
      return longest && longest.leftMs > 0 ? longest : null
    },
    async restore(gap: Gap): Promise<void> {
      await own.restore(gap)
      await shared.restore(gap)
    },
  }
}
