// This many arrivals give a rate within about an eighth, and are forgotten soon enough when night turns to peak.
const ARRIVALS = 64
const MIN_MEMORY_MS = 20_000
const MAX_MEMORY_MS = 600_000
// Before anything is known, the first arrival counts as if it took this long.
const PRIOR_MS = 5_000

/**
 * Arrivals per millisecond: an exponentially weighted count over an equally weighted span. The memory covers about
 * sixty arrivals, so that the rate is accurate in a quiet queue and follows changes in a busy one.
 */
export class Rate {
  #count = 0
  #spanMs = PRIOR_MS
  #at = Number.NaN

  arrived(now: number, count: number): void {
    this.#passTo(now)
    this.#count += count
  }

  perMs(now: number): number {
    const elapsed = this.#elapsed(now)
    if (elapsed === 0) return this.#count / this.#spanMs
    const fade = Math.exp(-elapsed / this.#memoryMs())
    const spanMs = this.#spanMs * fade + this.#memoryMs() * (1 - fade)
    return (this.#count * fade) / spanMs
  }

  #passTo(now: number): void {
    const elapsed = this.#elapsed(now)
    this.#at = now
    if (elapsed <= 0) return
    const memoryMs = this.#memoryMs()
    const fade = Math.exp(-elapsed / memoryMs)
    this.#count *= fade
    this.#spanMs = this.#spanMs * fade + memoryMs * (1 - fade)
  }

  #elapsed(now: number): number {
    return Number.isNaN(this.#at) ? 0 : Math.max(0, now - this.#at)
  }

  #memoryMs(): number {
    if (this.#count === 0) return MAX_MEMORY_MS
    return Math.min(Math.max((ARRIVALS * this.#spanMs) / this.#count, MIN_MEMORY_MS), MAX_MEMORY_MS)
  }
}
