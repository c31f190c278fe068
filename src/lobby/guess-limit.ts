import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'
import { createExpiringMap } from '../util/expiring-map.ts'

interface Limit {
  wrong: number
  windowMs: number
}
// A person mistypes a few times a minute. Behind one address there may be a school: thirty honest typos a minute are
// many, and by guesses four digits would take more than five hours. A lobby counts for whoever comes from many addresses.
const LIMITS = {
  player: { wrong: 10, windowMs: 60_000 },
  address: { wrong: 30, windowMs: 60_000 },
  target: { wrong: 50, windowMs: 10 * 60_000 },
} as const satisfies Record<string, Limit>

/** Who guesses, from where, and at what; codes are no one's until they fit. */
export interface Guesser {
  playerId: PlayerId
  address: string
  target?: string
}
interface Tries {
  count: number
  until: EpochMs
  /** How many there were when it was last told. */
  told: number
}

export type GuessLimit = ReturnType<typeof createGuessLimit>

/**
 * Keeps players from trying codes or passwords until one fits, on all their devices, with ever new names, and from many
 * places: within a window so many may be wrong, then nothing that is guessed is looked at until it is over.
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
    /** To be asked before a guess is looked at: the refusal for who has guessed wrong too often, or null. */
    refusalFor(guesser: Guesser): Refusal | null {
      const over = countersOf(guesser).flatMap(([key, limit]) => {
        const tries = wrong.get(key)
        return tries && tries.count >= limit.wrong ? [tries.until] : []
      })
      return over.length > 0 ? refuse('LOCKED', { retryAfterMs: Math.max(...over) - clock.now() }) : null
    },
    /** Counts a guess as wrong, before it is looked at where that takes time: no more are looked at than may be wrong. */
    wasWrong(guesser: Guesser): void {
      for (const [key, limit] of countersOf(guesser)) add(key, limit)
    },
    /** It was right after all. */
    wasRight(guesser: Guesser): void {
      for (const [key] of countersOf(guesser)) {
        const tries = wrong.get(key)
        if (tries) tries.count -= 1
        if (tries?.count === 0) wrong.delete(key)
      }
    },
    /**
     * With every so many wrong guesses at it, once: how many there were, and until when no more are looked at, if so.
     * Those that are looked at at the same moment count already.
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
