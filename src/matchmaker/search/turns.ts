/** The length of a turn, in ms; the work in it takes two or three milliseconds. */
const TURN_MS = 20

interface Pass {
  serial: number
  left: number
}

/**
 * The tickets that may look through a whole crowd, one after the other, each for some turns. However many they are,
 * they leave most of the time to the others.
 */
export class Turns {
  readonly #passes = new Map<number, Pass>()
  #freeAt = 0

  /** Gives the ticket so many turns; when the first one is. */
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

  /** The ticket has had one of its turns; when the next one is, infinite for never. */
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
