import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { createExpiringMap } from './expiring-map.ts'

interface Limit {
  /** How many may come at once. */
  burst: number
  /** After the burst, one may come in each interval. */
  everyMs: number
}

export type PlayerRateLimit = ReturnType<typeof createPlayerRateLimit>

/**
 * Limits the rate of each player, all tabs and devices together: the generic cell rate algorithm (ITU-T I.371), with one
 * instant for each player. Refused calls do not count.
 */
export function createPlayerRateLimit(clock: Clock, { burst, everyMs }: Limit) {
  // The theoretical arrival time of a player's next call at an even rate.
  const arrivals = createExpiringMap<PlayerId, EpochMs>(clock)
  function refusalFor(playerId: PlayerId): Refusal | null {
    const now = clock.now()
    const retryAfterMs = (arrivals.get(playerId) ?? now) - now - (burst - 1) * everyMs
    return retryAfterMs > 0 ? refuse('RATE_LIMITED', { retryAfterMs }) : null
  }

  /** Counts calls without a check. */
  function spend(playerId: PlayerId, count = 1): void {
    const at = (arrivals.get(playerId) ?? clock.now()) + count * everyMs
    arrivals.set(playerId, at, at)
  }

  return {
    refusalFor,
    spend,
    /** Counts one call; refuses it, and does not count it, when the player is too fast. */
    take(playerId: PlayerId): Refusal | null {
      const refusal = refusalFor(playerId)
      if (!refusal) spend(playerId)
      return refusal
    },
    stop: () => arrivals.stop(),
    size: () => arrivals.size(),
  }
}
