import type { Cancel, Clock, Log } from '../ports.ts'
import type { SteadyClock } from '../util/outage.ts'
import { walled } from '../util/walls.ts'

const TICK_MS = 250
/** A loop that stands still for longer has stalled. Less is a busy moment, and deadlines stay. */
const STALL_MS = 1_000
// A timer that fires later than this may overtake input that arrived before it was due.
const LATE_MS = 20

/**
 * A clock that notices when the process stood still. Listeners hear of a stall before any due task runs, and a late task
 * runs after waiting input is read: input that arrived before a deadline counts before it.
 */
export function steadyClock(
  clock: Clock,
  log: Log,
  ticking: Pick<Clock, 'at'> = clock,
): SteadyClock & { stop: Cancel } {
  const listeners = new Set<(stallMs: number) => void>()
  let seenAt = clock.now()
  let isStopped = false
  let cancelTick: Cancel = () => {}

  function now(): number {
    const at = clock.now()
    const goneMs = at - seenAt
    // Set first: listeners ask for the time, too.
    seenAt = at
    if (goneMs > STALL_MS && !isStopped) stalled(goneMs)
    return at
  }

  function stalled(stalledMs: number): void {
    log.warn({ stalledMs }, 'service stood still')
    for (const listener of listeners) walled(log, { stalledMs }, () => listener(stalledMs))
  }

  function tick(): void {
    cancelTick = ticking.at(now() + TICK_MS, tick)
  }
  tick()

  return {
    now,
    at(instant, task) {
      const dueAt = Math.max(instant, now())
      let isDone = false
      const run = () => {
        if (isDone) return
        isDone = true
        walled(log, { dueAt }, task)
      }
      const cancel = clock.at(instant, () => (now() - dueAt > LATE_MS ? afterInput(run) : run()))
      return () => {
        isDone = true
        cancel()
      }
    },
    onStall(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop() {
      isStopped = true
      cancelTick()
    },
  }
}

// Between two check phases the loop polls every socket.
const afterInput = (task: () => void): void => void setImmediate(() => setImmediate(task))
