import type { Elapsed } from '../../ports.ts'

/** Time that was used a second ago counts a quarter. */
const HALF_LIFE_MS = 500
const MUCH_MS = 5
/** The most that one job counts: a longer one may have waited for the processor. */
const MAX_JOB_MS = 1

/** How much of the loop's time a connection has used lately. */
export class RecentUse {
  readonly #elapsed: Elapsed
  #used = 0
  #at = 0

  constructor(elapsed: Elapsed) {
    this.#elapsed = elapsed
  }

  /** Runs the job and counts how long it took. */
  count(job: () => void): void {
    const start = this.#elapsed()
    job()
    const end = this.#elapsed()
    this.#used = this.#usedBy(end) + Math.min(end - start, MAX_JOB_MS)
    this.#at = end
  }

  isMuch(): boolean {
    return this.#usedBy(this.#elapsed()) > MUCH_MS
  }

  #usedBy(now: number): number {
    return this.#used * 0.5 ** ((now - this.#at) / HALF_LIFE_MS)
  }
}
