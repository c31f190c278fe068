import type { EpochMs } from '../ports.ts'

export interface Limit {
  /** How many may come at once. */
  burst: number
  perSecond: number
}
export type Verdict = 'ok' | 'limited' | 'abusive'

/**
 * A token bucket (Turner 1986, "leaky bucket as a meter"): `burst` tokens, refilled at `perSecond`. `take` may go below
 * zero; at minus `burst` the verdict is `abusive`.
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

  /** Takes `amount` and returns 0; when there are too few, takes nothing and returns the milliseconds until there are enough. */
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

  /** The last call of any method that takes an instant. */
  get lastAt(): EpochMs {
    return this.#since
  }

  /** Milliseconds until the next one may come. */
  get retryAfterMs(): number {
    return Math.max(0, ((1 - this.#tokens) / this.#limit.perSecond) * 1000)
  }
}
