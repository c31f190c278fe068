const BANDS = 8
// The newest waits count most, and after so many the earlier ones no longer.
const MEMORY = 40

export interface Mean {
  mean: number
  count: number
}

/**
 * Learns how long tickets of a mode wait: weighted means of the waits that ended in a match, by party size and by where
 * the rating stands among all, each as far as it is known, the mode's own mean for the rest.
 */
export class Expectation {
  readonly #means = new Map<string, Mean>()

  /** `rank`: where the rating stands, from 0 to 1. */
  record(mode: string, { size, rank }: { size: number; rank: number }, waitedMs: number): void {
    for (const key of [keyOf(mode, size, rank), mode]) {
      const known = this.#means.get(key) ?? { mean: 0, count: 0 }
      const count = Math.min(known.count + 1, MEMORY)
      this.#means.set(key, { mean: known.mean + (waitedMs - known.mean) / count, count })
    }
  }

  /** The whole wait from coming to a match, in ms, for one who has waited so long; null before anybody was matched. */
  estimate(mode: string, { size, rank }: { size: number; rank: number }, waitedMs = 0): number | null {
    const all = this.#means.get(mode)
    if (!all) return null
    const band = this.#means.get(keyOf(mode, size, rank)) ?? { mean: 0, count: 0 }
    const trust = band.count / (band.count + 4)
    const mean = all.mean + trust * (band.mean - all.mean)
    // Past it, what is left is as long as it was for others who had come so far: about half.
    return waitedMs < mean ? mean : waitedMs + mean / 2
  }

  state = (): [string, Mean][] => [...this.#means]
  recall(state: readonly (readonly [string, Mean])[]): void {
    this.#means.clear()
    for (const [key, mean] of state) this.#means.set(key, { ...mean })
  }
}

const keyOf = (mode: string, size: number, rank: number): string =>
  `${mode} ${size} ${Math.min(BANDS - 1, Math.floor(rank * BANDS))}`
