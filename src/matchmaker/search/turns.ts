/** The time from one turn to the next, in ms; the work of a turn takes two or three milliseconds. */
const TURN_MS = 20

interface Pass {
  serial: number
  left: number
}

/**
 * Gives turns to the tickets that may look through a whole crowd, one ticket after the other. However many such tickets
 * there are, most of the time is left for the others.
 */
export class Turns {
  readonly #passes = new Map<number, Pass>()
  #freeAt = 0

  /** Gives the ticket this many turns; returns the instant of the first one. */
  give(slot: number, serial: number, turns: number, now: number): number {
    const at = Math.max(this.#freeAt, now)
    this.#freeAt = at + turns * TURN_MS
    this.#passes.set(slot, { serial, left: turns })
    return at
  }

  /** Whether the ticket has turns left. */
  has(slot: number, serial: number): boolean {
    return this.#passes.get(slot)?.serial === serial
  }

  /** Ends a turn of the ticket; returns the instant of its next one, infinite if it has none left. */
  next(slot: number, now: number): number {
    const pass = this.#passes.get(slot)
    if (pass && pass.left > 1) {
      pass.left -= 1
      return now + TURN_MS
    }
    this.#passes.delete(slot)
    return Number.POSITIVE_INFINITY
  }
}
