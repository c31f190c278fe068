const BANDS = 8
// The newest waits count most; after this many, the earlier ones hardly count.
const MEMORY = 40

/** What was learned about one mode: at index 0 for all tickets, then by party size and rating band. */
export interface Waits {
  means: number[]
  counts: number[]
}

/**
 * Learns how long tickets of a mode wait: means of the waits that ended in a match, by party size and by the rating's
 * quantile. Where few waits are known, the estimate leans on the mean of the whole mode.
 */
export class ExpectedWaits {
  readonly #modes: Waits[] = []

  /** `mode`: the number of the mode; `rank`: the quantile of the rating, from 0 to 1. */
  record(mode: number, size: number, rank: number, waitedMs: number): void {
    const waits = this.#waitsOf(mode)
    learn(waits, 0, waitedMs)
    learn(waits, keyOf(size, rank), waitedMs)
  }

  /** The expected whole wait of a ticket that has waited this long, in ms; null before any ticket was matched. */
  estimate(mode: number, { size, rank }: { size: number; rank: number }, waitedMs = 0): number | null {
    const { means, counts } = this.#waitsOf(mode)
    const all = means[0]
    if (all === undefined) return null
    const key = keyOf(size, rank)
    const count = counts[key] ?? 0
    const trust = count / (count + 4)
    const mean = all + trust * ((means[key] ?? 0) - all)
    // A ticket that has waited longer than the mean waits about half of the mean more.
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
