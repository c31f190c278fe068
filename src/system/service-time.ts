import type { Cancel, EpochMs, Log } from '../ports.ts'
import type { ServiceTime, SteadyClock } from '../util/outage.ts'

interface Waiting {
  until: EpochMs
  run: () => void
  cancel: Cancel
}
/** To be told of everything that was stored, or could not be. */
interface StoreWatch {
  stored(): void
  notStored(): void
}

/** The time of one title: it stands still while the process does, and while its store takes nothing. */
export function createServiceTime(clock: SteadyClock, log: Log): ServiceTime & StoreWatch & { stop: Cancel } {
  const waiting = new Set<Waiting>()
  const heeding = new Set<(outageMs: number) => void>()
  let isServing = true
  /** When something was stored last. */
  let servedAt = clock.now()
  const unwatch = clock.onStall((stallMs) => {
    // While nothing can be stored it is part of a longer outage.
    if (!isServing) return
    servedAt = clock.now()
    over(stallMs)
  })

  function over(outageMs: number): void {
    for (const one of waiting) arm(one, one.until + outageMs)
    for (const heed of [...heeding]) heed(outageMs)
  }

  function arm(one: Waiting, until: EpochMs): void {
    one.cancel()
    one.until = until
    one.cancel = clock.at(until, () => {
      // Else it is armed again when the outage is over.
      if (isServing) one.run()
    })
  }

  return {
    now: clock.now,
    at(instant, task) {
      const one: Waiting = { until: instant, run: done, cancel: () => {} }
      function done(): void {
        waiting.delete(one)
        task()
      }
      waiting.add(one)
      arm(one, instant)
      return () => {
        waiting.delete(one)
        one.cancel()
      }
    },
    onOutage(heed) {
      heeding.add(heed)
      return () => void heeding.delete(heed)
    },
    stored() {
      const now = clock.now()
      const outageMs = now - servedAt
      servedAt = now
      if (isServing) return
      isServing = true
      log.warn({ outageMs }, 'store was away')
      over(outageMs)
    },
    notStored() {
      isServing = false
    },
    stop: unwatch,
  }
}
