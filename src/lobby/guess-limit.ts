import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { createExpiringMap } from '../util/expiring-map.ts'

interface Limit {
  wrong: number
  windowMs: number
}
// A person mistypes a few times a minute. Behind one address there may be a school: thirty honest typos a minute are
// many, and guessing four digits would take more than five hours. The limit of a lobby holds across addresses.
const LIMITS = {
  player: { wrong: 10, windowMs: 60_000 },
  address: { wrong: 30, windowMs: 60_000 },
  target: { wrong: 50, windowMs: 10 * 60_000 },
} as const satisfies Record<string, Limit>

/** A guess: by which player, from which address, and at which lobby; a wrong code has no target. */
export interface Guesser {
  playerId: PlayerId
  address: string
  target?: string
}
interface Tries {
  count: number
  until: EpochMs
  /** The count when it was last reported. */
  told: number
}

export type GuessLimit = ReturnType<typeof createGuessLimit>

/**
 * Limits wrong codes and passwords by player, by address and by target. After too many wrong guesses within a window,
 * no guess is looked at until the window ends.
 */
export function createGuessLimit(clock: Clock) {
  const wrong = createExpiringMap<string, Tries>(clock)

  const countersOf = ({ playerId, address, target }: Guesser): [key: string, limit: Limit][] => [
    [`player ${playerId}`, LIMITS.player],
    [`address ${address}`, LIMITS.address],
    ...(target === undefined ? [] : [[`target ${target}`, LIMITS.target] as [string, Limit]]),
  ]

  function add(key: string, { windowMs }: Limit): void {
    const tries = wrong.get(key)
    const until = clock.now() + windowMs
    if (tries) tries.count += 1
    else wrong.set(key, { count: 1, until, told: 0 }, until)
  }

  return {
    /** Ask before looking at a guess: the refusal after too many wrong ones, or null. */
    refusalFor(guesser: Guesser): Refusal | null {
      const over = countersOf(guesser).flatMap(([key, limit]) => {
        const tries = wrong.get(key)
        return tries && tries.count >= limit.wrong ? [tries.until] : []
      })
      return over.length > 0 ? refuse('LOCKED', { retryAfterMs: Math.max(...over) - clock.now() }) : null
    },
    /** Counts a wrong guess. Count a guess that is slow to check first, so that concurrent guesses keep the limit. */
    wasWrong(guesser: Guesser): void {
      for (const [key, limit] of countersOf(guesser)) add(key, limit)
    },
    /** Takes the count back: the guess was right. */
    wasRight(guesser: Guesser): void {
      for (const [key] of countersOf(guesser)) {
        const tries = wrong.get(key)
        if (tries) tries.count -= 1
        if (tries?.count === 0) wrong.delete(key)
      }
    },
    /**
     * After every so many wrong guesses at the target: their number, and until when it is locked, if it is. Null in
     * between. Guesses that are being checked count already.
     */
    newsAt(target: string, every: number): { wrong: number; lockedUntil?: EpochMs } | null {
      const tries = wrong.get(`target ${target}`)
      if (!tries || Math.floor(tries.count / every) <= Math.floor(tries.told / every)) return null
      tries.told = tries.count
      return { wrong: tries.count, ...(tries.count >= LIMITS.target.wrong && { lockedUntil: tries.until }) }
    },
    forget: (target: string): void => wrong.delete(`target ${target}`),
    stop: () => wrong.stop(),
    size: () => wrong.size(),
  }
}
