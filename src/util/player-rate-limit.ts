import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { createExpiringMap } from './expiring-map.ts'

interface Limit {
  /** How many may come at once. */
  burst: number
  /** After those, one in so long. */
  everyMs: number
}

export type PlayerRateLimit = ReturnType<typeof createPlayerRateLimit>

/**
 * Keeps each player to a rate, all tabs and devices together: the generic cell rate algorithm (ITU-T I.371), one
 * instant for each player. What is refused does not count.
 */
export function createPlayerRateLimit(clock: Clock, { burst, everyMs }: Limit) {
  // When everything that a player has sent would have been sent at an even pace.
  const evenAt = createExpiringMap<PlayerId, EpochMs>(clock)
  function refusalFor(playerId: PlayerId): Refusal | null {
    const now = clock.now()
    const retryAfterMs = (evenAt.get(playerId) ?? now) - now - (burst - 1) * everyMs
    return retryAfterMs > 0 ? refuse('RATE_LIMITED', { retryAfterMs }) : null
  }

  /** Counts so much more, which was done already. */
  function spend(playerId: PlayerId, count = 1): void {
    const at = (evenAt.get(playerId) ?? clock.now()) + count * everyMs
    evenAt.set(playerId, at, at)
  }

  return {
    refusalFor,
    spend,
    /** Counts one more; the refusal for who is too fast, or null. */
    take(playerId: PlayerId): Refusal | null {
      const refusal = refusalFor(playerId)
      if (!refusal) spend(playerId)
      return refusal
    },
    stop: () => evenAt.stop(),
    size: () => evenAt.size(),
  }
}
