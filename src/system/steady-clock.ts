import type { Cancel, Clock, Log } from '../ports.ts'
import type { SteadyClock } from '../util/outage.ts'
import { walled } from '../util/walls.ts'

const TICK_MS = 250
/** A loop that has not turned for so long has served nobody. Less is a busy moment, which costs nobody their turn. */
const STALL_MS = 1_000
// A timer that comes later than this may have overtaken what came in before it was due.
const LATE_MS = 20

/**
 * The same clock for a process that may stand still. A stall is told before anything else happens, and a task that is
 * late runs after the input that was waiting has been read: what came before a deadline counts before it.
 */
export function steadyClock(
  clock: Clock,
  log: Log,
  ticking: Pick<Clock, 'at'> = clock,
): SteadyClock & { stop: Cancel } {
  const heeding = new Set<(stallMs: number) => void>()
  let seenAt = clock.now()
  let isStopped = false
  let cancelTick: Cancel = () => {}

  function now(): number {
    const at = clock.now()
    const goneMs = at - seenAt
    // Those who heed ask for the time too.
    seenAt = at
    if (goneMs > STALL_MS && !isStopped) stalled(goneMs)
    return at
  }

  function stalled(stalledMs: number): void {
    log.warn({ stalledMs }, 'service stood still')
    for (const heed of heeding) walled(log, { stalledMs }, () => heed(stalledMs))
  }

  function tick(): void {
    cancelTick = ticking.at(now() + TICK_MS, tick)
  }
  tick()

  return {
    now,
    at(instant, task) {
      const dueAt = Math.max(instant, now())
      let isOver = false
      const run = () => {
        if (isOver) return
        isOver = true
        walled(log, { dueAt }, task)
      }
      const cancel = clock.at(instant, () => (now() - dueAt > LATE_MS ? afterInput(run) : run()))
      return () => {
        isOver = true
        cancel()
      }
    },
    onStall(heed) {
      heeding.add(heed)
      return () => void heeding.delete(heed)
    },
    stop() {
      isStopped = true
      cancelTick()
    },
  }
}

// Between two turns of this phase the loop reads every socket that has something to say.
const afterInput = (task: () => void): void => void setImmediate(() => setImmediate(task))
