import type { Elapsed } from '../../ports.ts'

/** What was used a second ago counts a quarter. */
const HALF_LIFE_MS = 500
const MUCH_MS = 5
/** What a job counts at the most: one that took longer may have been kept from the processor. */
const MOST_MS = 1

/** How much of the loop’s time somebody has used lately. */
export class RecentUse {
  readonly #elapsed: Elapsed
  #used = 0
  #at = 0

  constructor(elapsed: Elapsed) {
    this.#elapsed = elapsed
  }

  /** Does something, and counts how long it took. */
  count(job: () => void): void {
    const start = this.#elapsed()
    job()
    const end = this.#elapsed()
    this.#used = this.#usedBy(end) + Math.min(end - start, MOST_MS)
    this.#at = end
  }

  isMuch(): boolean {
    return this.#usedBy(this.#elapsed()) > MUCH_MS
  }

  #usedBy(now: number): number {
    return this.#used * 0.5 ** ((now - this.#at) / HALF_LIFE_MS)
  }
}
