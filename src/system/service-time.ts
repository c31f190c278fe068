import type { Cancel, EpochMs, Log } from '../ports.ts'
import type { ServiceTime, SteadyClock } from '../util/outage.ts'

interface Waiting {
  until: EpochMs
  run: () => void
  cancel: Cancel
}
/** Call after each write to the store. */
interface StoreWatch {
  stored(): void
  notStored(): void
}

/** The time of one title: it stands still while the process does, and while its store fails. */
export function createServiceTime(clock: SteadyClock, log: Log): ServiceTime & StoreWatch & { stop: Cancel } {
  const waiting = new Set<Waiting>()
  const listeners = new Set<(outageMs: number) => void>()
  let isServing = true
  /** The last successful write. */
  let servedAt = clock.now()
  const unwatch = clock.onStall((stallMs) => {
    // A stall while the store fails is part of that outage.
    if (!isServing) return
    servedAt = clock.now()
    endOutage(stallMs)
  })

  function endOutage(outageMs: number): void {
    for (const task of waiting) arm(task, task.until + outageMs)
    for (const listener of [...listeners]) listener(outageMs)
  }

  function arm(task: Waiting, until: EpochMs): void {
    task.cancel()
    task.until = until
    task.cancel = clock.at(until, () => {
      // During an outage it stays: the end of the outage arms it again.
      if (isServing) task.run()
    })
  }

  return {
    now: clock.now,
    at(instant, task) {
      const added: Waiting = { until: instant, run, cancel: () => {} }
      function run(): void {
        waiting.delete(added)
        task()
      }
      waiting.add(added)
      arm(added, instant)
      return () => {
        waiting.delete(added)
        added.cancel()
      }
    },
    onOutage(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stored() {
      const now = clock.now()
      const outageMs = now - servedAt
      servedAt = now
      if (isServing) return
      isServing = true
      log.warn({ outageMs }, 'store was unavailable')
      endOutage(outageMs)
    },
    notStored() {
      isServing = false
    },
    stop: unwatch,
  }
}
