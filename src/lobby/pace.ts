import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { createExpiring } from './expiring.ts'

interface Limit {
  /** How many may come at once. */
  burst: number
  /** After those, one in so long. */
  everyMs: number
}

export type Pace = ReturnType<typeof createPace>

/**
 * Keeps each player to a rate, all tabs and devices together: the generic cell rate algorithm (ITU-T I.371), one
 * instant for each player. What is refused does not count.
 */
export function createPace(clock: Clock, { burst, everyMs }: Limit) {
  // When everything that a player has sent would have been sent at an even pace.
  const evenAt = createExpiring<PlayerId, EpochMs>(clock)
  return {
    /** Counts one more; the refusal for who is too fast, or null. */
    take(playerId: PlayerId): Refusal | null {
      const now = clock.now()
      const at = evenAt.get(playerId) ?? now
      const retryAfterMs = at - now - (burst - 1) * everyMs
      if (retryAfterMs > 0) return refuse('RATE_LIMITED', { retryAfterMs })
      evenAt.set(playerId, at + everyMs, at + everyMs)
      return null
    },
    stop: () => evenAt.stop(),
    size: () => evenAt.size(),
  }
}
