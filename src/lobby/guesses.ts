import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { createExpiring } from './expiring.ts'

const MAX_WRONG = 10
const WINDOW_MS = 60_000

/**
 * Keeps players from trying codes or passwords until one fits: after 10 wrong ones within a minute nothing that they
 * guess is looked at until the minute is over, on all their devices.
 */
export function createGuesses(clock: Clock) {
  const wrong = createExpiring<PlayerId, { count: number; until: EpochMs }>(clock)
  return {
    /** To be asked before a guess is looked at: the refusal for who has guessed wrong too often, or null. */
    refusalFor(playerId: PlayerId): Refusal | null {
      const tries = wrong.get(playerId)
      if (!tries || tries.count < MAX_WRONG) return null
      return refuse('LOCKED', { retryAfterMs: tries.until - clock.now() })
    },
    wasWrong(playerId: PlayerId): void {
      const tries = wrong.get(playerId)
      if (tries) tries.count += 1
      else wrong.set(playerId, { count: 1, until: clock.now() + WINDOW_MS }, clock.now() + WINDOW_MS)
    },
    stop: () => wrong.stop(),
    size: () => wrong.size(),
  }
}
