import type { Player } from './players.ts'

export interface Stamp {
  /** The sender's seat. */
  s: number
  /** Number of the message. */
  n: number
  /** When it was sent, in microseconds of the driver's own clock. */
  at: number
}

export interface Tally {
  sent: number
  delivered: number
  lost: number
  duplicated: number
  echoed: number
  /** Heard in another room, from an earlier flow, or under another seat than the sender's. */
  strayed: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

export type Ledger = ReturnType<typeof openLedger>

export const microsNow = () => Math.round(performance.now() * 1_000)

/** Records who heard which message, and reports the faults at the end. `senders[i]` sent the message `first + i`. */
export function openLedger(senders: readonly Player[], size: number, first: number) {
  const heard = new Uint8Array(senders.length * size)
  const expected = senders.length * (size - 1)
  const latencies: number[] = []
  let strayed = 0

  return {
    /** Number of the message after the last one. */
    end: first + senders.length,

    everyoneHeard: () => latencies.length >= expected,

    hear(listener: Player, fromSeat: number, { s, n, at }: Stamp) {
      const sender = senders[n - first]
      if (sender?.room !== listener.room || sender.seat !== s || s !== fromSeat) {
        strayed += 1
        return
      }
      const cell = (n - first) * size + listener.seat
      const times = (heard[cell] ?? 0) + 1
      heard[cell] = times
      if (times === 1 && listener !== sender) latencies.push(microsNow() - at)
    },

    tally(): Tally {
      const tally = { sent: senders.length, delivered: 0, lost: 0, duplicated: 0, echoed: 0, strayed }
      heard.forEach((times, cell) => {
        const isSender = senders[Math.floor(cell / size)]?.seat === cell % size
        if (isSender) tally.echoed += times
        else if (times === 0) tally.lost += 1
        else tally.duplicated += times - 1
      })
      tally.delivered = expected - tally.lost
      const sorted = Float64Array.from(latencies).sort()
      const percentile = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN) / 1_000
      return { ...tally, p50Ms: percentile(0.5), p95Ms: percentile(0.95), p99Ms: percentile(0.99) }
    },
  }
}
