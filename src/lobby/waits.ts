// How much the newest wait counts; the rest is what was known before.
const WEIGHT = 0.2

/** Learns how long a mode's tickets wait: an exponentially weighted mean of the waits that ended in a match. */
export function createWaits() {
  const means = new Map<string, number>()
  return {
    record(mode: string, waitedMs: number): void {
      const mean = means.get(mode)
      means.set(mode, mean === undefined ? waitedMs : mean + WEIGHT * (waitedMs - mean))
    },
    /** Milliseconds from queueing to a match, or null as long as nobody was matched. */
    estimate(mode: string): number | null {
      const mean = means.get(mode)
      return mean === undefined ? null : Math.round(mean)
    },
  }
}
