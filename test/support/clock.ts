import { setImmediate } from 'node:timers/promises'
import type { Cancel, Clock, EpochMs } from '../../src/ports.ts'

interface Timer {
  at: EpochMs
  task: () => void
}

/** A clock that advances only when told to, and then runs the due tasks in order. */
export class FakeClock implements Clock {
  #now: EpochMs
  readonly #timers = new Set<Timer>()

  constructor(now: EpochMs = Date.UTC(2030, 0, 1)) {
    this.#now = now
  }

  now(): EpochMs {
    return this.#now
  }

  at(instant: EpochMs, task: () => void): Cancel {
    const timer = { at: instant, task }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Timers that were set and have neither run nor been cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let timer = this.#nextDue(until); timer; timer = this.#nextDue(until)) {
      this.#timers.delete(timer)
      this.#now = Math.max(this.#now, timer.at)
      timer.task()
      await settled()
    }
    this.#now = until
  }

  /** Stalls the process: tasks that became due run at once, before waiting input is read. */
  async stall(ms: number): Promise<void> {
    this.#now += ms
    const due = [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.delete(timer)) timer.task()
    for (let turns = 0; turns < 5; turns += 1) await settled()
    await this.advance(0)
  }

  #nextDue(until: EpochMs): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= until)
    return due.sort((a, b) => a.at - b.at)[0]
  }
}

// Promises of a task settle before the next task starts.
const settled = () => setImmediate()
