import type { Clock, EpochMs } from '../ports.ts'
import { type Refusal, refuse } from '../protocol/reply.ts'

export interface Limit {
  /** How many may come at once. */
  burst: number
  /** After the burst, one may come in each interval. */
  everyMs: number
}
export type Verdict = 'ok' | 'limited' | 'abusive'

/**
 * A token bucket (Turner 1986, "leaky bucket as a meter") that holds `burst` tokens and gets one in each interval. It
 * keeps its debt as the time until it is full again, as in the generic cell rate algorithm (ITU-T I.371).
 */
export class TokenBucket {
  readonly #limit: Limit
  #fullInMs = 0
  #since: EpochMs

  constructor(limit: Limit, now: EpochMs) {
    this.#limit = limit
    this.#since = now
  }

  /** Takes `amount`, also below zero; at minus `burst` the verdict is `abusive`. */
  take(now: EpochMs, amount = 1): Verdict {
    const { burst, everyMs } = this.#limit
    this.#refill(now)
    this.#fullInMs += amount * everyMs
    if (this.#fullInMs <= burst * everyMs) return 'ok'
    return this.#fullInMs < 2 * burst * everyMs ? 'limited' : 'abusive'
  }

  /** Takes `amount` and returns 0; when there are too few, takes nothing and returns the milliseconds until there are enough. */
  pay(now: EpochMs, amount = 1): number {
    const waitMs = this.waitMs(now, amount)
    if (waitMs === 0) this.#fullInMs += amount * this.#limit.everyMs
    return waitMs
  }

  /** The milliseconds until there are enough. */
  waitMs(now: EpochMs, amount = 1): number {
    const { burst, everyMs } = this.#limit
    this.#refill(now)
    return Math.max(0, this.#fullInMs - (burst - amount) * everyMs)
  }

  isFull(now: EpochMs): boolean {
    this.#refill(now)
    return this.#fullInMs === 0
  }

  #refill(now: EpochMs): void {
    this.#fullInMs = Math.max(0, this.#fullInMs - Math.max(0, now - this.#since))
    this.#since = now
  }

  /** The last call of any method that takes an instant. */
  get lastAt(): EpochMs {
    return this.#since
  }
}

/** Below this size the map is not swept for full buckets. */
const MIN_SWEEP_SIZE = 1_000

export type RateLimit<Key> = ReturnType<typeof createRateLimit<Key>>

/** Limits the rate of each key: of a player, all tabs and devices together. */
export function createRateLimit<Key>(clock: Pick<Clock, 'now'>, limit: Limit) {
  const buckets = new Map<Key, TokenBucket>()
  let sweepAtSize = MIN_SWEEP_SIZE

  function bucketOf(key: Key): TokenBucket {
    const known = buckets.get(key)
    if (known) return known
    if (buckets.size >= sweepAtSize) deleteFull()
    const bucket = new TokenBucket(limit, clock.now())
    buckets.set(key, bucket)
    return bucket
  }

  // A full bucket is the same as a new one.
  function deleteFull(): void {
    const now = clock.now()
    for (const [key, bucket] of buckets) if (bucket.isFull(now)) buckets.delete(key)
    sweepAtSize = Math.max(MIN_SWEEP_SIZE, 2 * buckets.size)
  }

  /** Counts so many and returns 0; when they are too many, counts none and returns the milliseconds until they may come. */
  const pay = (key: Key, count = 1): number => bucketOf(key).pay(clock.now(), count)

  return {
    pay,
    /** The same for one call, as a refusal. */
    take: (key: Key): Refusal | null => refusalAfter(pay(key)),
    /** The refusal of the next call, which is not counted; null when it may come. */
    refusalFor: (key: Key): Refusal | null => refusalAfter(bucketOf(key).waitMs(clock.now())),
    /** Counts without a check. */
    spend: (key: Key, count: number): void => void bucketOf(key).take(clock.now(), count),
    size: () => buckets.size,
  }
}

const refusalAfter = (retryAfterMs: number): Refusal | null =>
  retryAfterMs > 0 ? refuse('RATE_LIMITED', { retryAfterMs }) : null
