import { Bitmap } from './bitmap.ts'
import { Float64Column, fields, Int32Column } from './columns.ts'

const WIDTH_MS = 32
const BUCKETS = 8_192
const NOWHERE = -1
const TAKEN = -2

/**
 * A timing wheel (Varghese and Lauck, 1987): keeps at most one instant for each slot, and sets, moves and removes it in
 * constant time. An instant beyond the range of the wheel, four minutes, waits in the last bucket for the next turn.
 */
export class Wheel {
  readonly #at = new Float64Column()
  readonly #links = fields<Int32Array>(3)
  readonly #next = new Int32Column(this.#links, 0)
  readonly #previous = new Int32Column(this.#links, 1)
  readonly #bucket = new Int32Column(this.#links, 2)
  readonly #heads = new Int32Array(BUCKETS).fill(NOWHERE)
  readonly #tails = new Int32Array(BUCKETS).fill(NOWHERE)
  /** A lower bound of the instants in each bucket. */
  readonly #earliest = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY)
  readonly #filled = new Bitmap(BUCKETS)
  #taken = 0
  /** The number of the current bucket, counted from the instant 0; everything before it has been taken. */
  #cursor = 0

  /** Adds a slot without an instant. */
  open(slot: number): void {
    this.#bucket.set(slot, NOWHERE)
    this.#at.set(slot, Number.POSITIVE_INFINITY)
  }

  /** Sets the slot's instant in place of the earlier one; an infinite one removes it. */
  set(slot: number, instant: number): void {
    this.clear(slot)
    this.#at.set(slot, instant)
    if (instant === Number.POSITIVE_INFINITY) return
    const turn = Math.min(Math.max(Math.floor(instant / WIDTH_MS), this.#cursor), this.#cursor + BUCKETS - 1)
    this.#append(slot, turn & (BUCKETS - 1), instant)
  }

  clear(slot: number): void {
    if (this.release(slot)) return
    const bucket = this.#bucket.get(slot)
    if (bucket === NOWHERE) return
    this.#unlink(slot, bucket)
    this.#at.set(slot, Number.POSITIVE_INFINITY)
  }

  /** The number of slots that were taken and neither released nor set since. */
  get taken(): number {
    return this.#taken
  }
  /** Releases a taken slot; returns whether it was taken. */
  release(slot: number): boolean {
    if (this.#bucket.get(slot) !== TAKEN) return false
    this.#bucket.set(slot, NOWHERE)
    this.#at.set(slot, Number.POSITIVE_INFINITY)
    this.#taken -= 1
    return true
  }
  /** Takes slots whose instant has come, at most this many, bucket by bucket. The caller releases each of them. */
  take(now: number, limit: number): number[] {
    const due: number[] = []
    const last = Math.floor(now / WIDTH_MS)
    if (last - this.#cursor >= BUCKETS) this.#cursor = last - BUCKETS + 1
    while (due.length < limit) {
      const bucket = this.#cursor & (BUCKETS - 1)
      this.#takeFrom(bucket, now, limit, due)
      if (due.length >= limit || this.#cursor >= last) break
      this.#sendOn(bucket)
      this.#cursor = Math.min(this.#nextFilled(this.#cursor + 1), last)
    }
    return due
  }

  /** A lower bound of all instants; infinite when there is none. */
  get earliest(): number {
    let earliest = Number.POSITIVE_INFINITY
    const end = this.#cursor + BUCKETS
    for (let turn = this.#nextFilled(this.#cursor); turn < end; turn = this.#nextFilled(turn + 1)) {
      earliest = Math.min(earliest, this.#earliest[turn & (BUCKETS - 1)] as number)
      // Later buckets have later instants, unless this bucket holds only slots of another turn.
      if (earliest < (turn + 1) * WIDTH_MS) break
    }
    return earliest
  }

  #takeFrom(bucket: number, now: number, limit: number, due: number[]): void {
    let slot = this.#heads[bucket] as number
    if (slot === NOWHERE || (this.#earliest[bucket] as number) > now) return
    let earliest = Number.POSITIVE_INFINITY
    while (slot !== NOWHERE && due.length < limit) {
      const next = this.#next.get(slot)
      const instant = this.#at.get(slot)
      if (instant <= now) {
        this.#unlink(slot, bucket)
        this.#bucket.set(slot, TAKEN)
        this.#taken += 1
        due.push(slot)
      } else earliest = Math.min(earliest, instant)
      slot = next
    }
    if (slot === NOWHERE) this.#earliest[bucket] = earliest
  }

  /** Moves the slots that waited here for another turn to their own buckets. */
  #sendOn(bucket: number): void {
    let slot = this.#heads[bucket] as number
    while (slot !== NOWHERE) {
      const next = this.#next.get(slot)
      this.set(slot, this.#at.get(slot))
      slot = next
    }
  }

  /** The first non-empty bucket from this one on, or the same one a whole turn later. */
  #nextFilled(turn: number): number {
    const bucket = turn & (BUCKETS - 1)
    const ahead = this.#filled.next(bucket)
    if (ahead >= 0) return turn + ahead - bucket
    const around = this.#filled.next(0)
    return around >= 0 && around < bucket ? turn + around + BUCKETS - bucket : turn + BUCKETS
  }

  #append(slot: number, bucket: number, instant: number): void {
    const tail = this.#tails[bucket] as number
    this.#next.set(slot, NOWHERE)
    this.#previous.set(slot, tail)
    this.#bucket.set(slot, bucket)
    if (tail === NOWHERE) {
      this.#heads[bucket] = slot
      this.#filled.add(bucket)
    } else this.#next.set(tail, slot)
    this.#tails[bucket] = slot
    if (instant < (this.#earliest[bucket] as number)) this.#earliest[bucket] = instant
  }

  #unlink(slot: number, bucket: number): void {
    const next = this.#next.get(slot)
    const previous = this.#previous.get(slot)
    if (previous === NOWHERE) this.#heads[bucket] = next
    else this.#next.set(previous, next)
    if (next === NOWHERE) this.#tails[bucket] = previous
    else this.#previous.set(next, previous)
    this.#bucket.set(slot, NOWHERE)
    if (this.#heads[bucket] !== NOWHERE) return
    this.#filled.delete(bucket)
    this.#earliest[bucket] = Number.POSITIVE_INFINITY
  }
}
