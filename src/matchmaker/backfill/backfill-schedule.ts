import { Slots } from '../tickets/columns.ts'
import { Wheel } from '../tickets/wheel.ts'
import type { OpenBackfill } from './open-backfill.ts'

const BATCH = 1_024

/** Yields open matches one by one, those that have been open longest first. */
export class BackfillSchedule {
  readonly #wheel = new Wheel()
  readonly #slots = new Slots()
  readonly #bySlot: (OpenBackfill | null)[] = []
  #ready: OpenBackfill[] = []

  /** Adds a slot for a match that is about to be open. */
  take(): number {
    const slot = this.#slots.take()
    this.#wheel.open(slot)
    return slot
  }
  open(backfill: OpenBackfill): void {
    this.#bySlot[backfill.slot] = backfill
    this.plan(backfill, backfill.dueAt)
  }
  close({ slot }: OpenBackfill): void {
    this.#wheel.clear(slot)
    this.#bySlot[slot] = null
    this.#slots.giveBack(slot)
  }
  plan(backfill: OpenBackfill, at: number): void {
    backfill.dueAt = at
    this.#wheel.set(backfill.slot, at)
  }

  next(now: number): OpenBackfill | null {
    for (;;) {
      for (let one = this.#ready.pop(); one; one = this.#ready.pop()) {
        if (this.#bySlot[one.slot] === one && this.#wheel.release(one.slot)) return one
      }
      const due = this.#wheel.take(now, BATCH)
      if (due.length === 0) return null
      this.#ready = due.map((slot) => this.#bySlot[slot] as OpenBackfill)
      this.#ready.sort((a, b) => b.since - a.since || b.serial - a.serial)
    }
  }

  /** A lower bound of all instants; minus infinity while some are due that have not been looked at. */
  get earliest(): number {
    return this.#wheel.taken > 0 ? Number.NEGATIVE_INFINITY : this.#wheel.earliest
  }
}
