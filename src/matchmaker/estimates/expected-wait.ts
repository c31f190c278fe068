const BANDS = 8
// The newest waits count most, and after so many the earlier ones no longer.
const MEMORY = 40

/** What was learned of one mode: first of all its tickets, then by size and band. */
export interface Waits {
  means: number[]
  counts: number[]
}

/**
 * Learns how long tickets of a mode wait: weighted means of the waits that ended in a match, by party size and by where
 * the rating stands among all, each as far as it is known, the mode's own mean for the rest.
 */
export class ExpectedWaits {
  readonly #modes: Waits[] = []

  /** `mode`: its number; `rank`: where the rating stands, from 0 to 1. */
  record(mode: number, size: number, rank: number, waitedMs: number): void {
    const waits = this.#waitsOf(mode)
    learn(waits, 0, waitedMs)
    learn(waits, keyOf(size, rank), waitedMs)
  }

  /** The whole wait of a ticket that has waited this long, in ms; null before any ticket was matched. */
  estimate(mode: number, { size, rank }: { size: number; rank: number }, waitedMs = 0): number | null {
    const { means, counts } = this.#waitsOf(mode)
    const all = means[0]
    if (all === undefined) return null
    const key = keyOf(size, rank)
    const count = counts[key] ?? 0
    const trust = count / (count + 4)
    const mean = all + trust * ((means[key] ?? 0) - all)
    // Beyond it, the remaining wait is what it was for others who had waited this long: about half.
    return waitedMs < mean ? mean : waitedMs + mean / 2
  }

  #waitsOf(mode: number): Waits {
    for (let next = this.#modes.length; next <= mode; next += 1) this.#modes.push({ means: [], counts: [] })
    return this.#modes[mode] as Waits
  }
}

const keyOf = (size: number, rank: number): number =>
  1 + BANDS * (size - 1) + Math.min(BANDS - 1, Math.floor(rank * BANDS))

function learn({ means, counts }: Waits, key: number, waitedMs: number): void {
  while (means.length <= key) {
    means.push(0)
    counts.push(0)
  }
  const count = Math.min((counts[key] as number) + 1, MEMORY)
  const mean = means[key] as number
  counts[key] = count
  means[key] = mean + (waitedMs - mean) / count
}
