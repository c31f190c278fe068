import type { Roster } from './roster.ts'
import { Wheel } from './wheel.ts'

// The number of tickets that are sorted by age at a time within a tick.
const BATCH = 1_024

/** Keeps one instant for each ticket, and yields the tickets whose instant has come, the oldest first. */
export class Schedule {
  readonly #wheel = new Wheel()
  readonly #byAge: (slot: number, other: number) => number
  #ready: number[] = []
  /** The number of entries of `#ready` that were yielded or skipped. */
  #taken = 0

  constructor(roster: Roster) {
    this.#byAge = (slot, other) => roster.slotOrder(slot, other)
  }

  open(slot: number): void {
    this.#wheel.open(slot)
  }
  /** Makes the ticket due at this instant, in place of an earlier plan; an infinite instant means never. */
  plan(slot: number, instant: number): void {
    this.#wheel.set(slot, instant)
  }
  clear(slot: number): void {
    this.#wheel.clear(slot)
  }

  /** The next ticket whose instant has come, or -1. */
  next(now: number): number {
    for (;;) {
      while (this.#taken < this.#ready.length) {
        const slot = this.#ready[this.#taken++] as number
        if (this.#wheel.release(slot)) return slot
      }
      const due = this.#wheel.take(now, BATCH)
      if (due.length === 0) return -1
      this.#ready = due.sort(this.#byAge)
      this.#taken = 0
    }
  }

  /** Whether tickets are due that `next` has not yielded yet. */
  get isBehind(): boolean {
    return this.#wheel.taken > 0
  }
  get earliest(): number {
    return this.#wheel.earliest
  }
}
