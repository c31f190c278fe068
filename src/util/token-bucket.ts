import type { EpochMs } from '../ports.ts'

export interface Limit {
  /** How many may come at once. */
  burst: number
  perSecond: number
}
export type Verdict = 'ok' | 'limited' | 'abusive'

/**
 * A token bucket (Turner 1986, "leaky bucket as a meter"): `burst` tokens, refilled at `perSecond`.
 * It goes on counting below zero; whoever is a whole burst in debt is not just eager but abusive.
 */
export class TokenBucket {
  readonly #limit: Limit
  #tokens: number
  #since: EpochMs

  constructor(limit: Limit, now: EpochMs) {
    this.#limit = limit
    this.#tokens = limit.burst
    this.#since = now
  }

  take(now: EpochMs, amount = 1): Verdict {
    this.#refill(now)
    this.#tokens -= amount
    if (this.#tokens >= 0) return 'ok'
    return this.#tokens > -this.#limit.burst ? 'limited' : 'abusive'
  }

  /** Takes so many where they are there, and nothing otherwise; milliseconds until they are, or 0. */
  pay(now: EpochMs, amount: number): number {
    this.#refill(now)
    if (this.#tokens < amount) return ((amount - this.#tokens) / this.#limit.perSecond) * 1000
    this.#tokens -= amount
    return 0
  }

  isFull(now: EpochMs): boolean {
    this.#refill(now)
    return this.#tokens >= this.#limit.burst
  }

  #refill(now: EpochMs): void {
    const { burst, perSecond } = this.#limit
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#since) / 1000) * perSecond)
    this.#since = now
  }

  /** When something was last taken. */
  get lastAt(): EpochMs {
    return this.#since
  }

  /** Milliseconds until the next one may come. */
  get retryAfterMs(): number {
    return Math.max(0, ((1 - this.#tokens) / this.#limit.perSecond) * 1000)
  }
}
