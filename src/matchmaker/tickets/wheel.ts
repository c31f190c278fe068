import { Bitmap } from './bitmap.ts'
import { Float64Column, fields, Int32Column } from './columns.ts'

const WIDTH_MS = 32
const BUCKETS = 8_192
const NOWHERE = -1
const TAKEN = -2

/**
 * A timing wheel (Varghese and Lauck, 1987): for each slot at most one instant, set, moved and taken out in constant
 * time. An instant beyond the wheel's turn, four minutes, waits in its last bucket for the next one.
 */
export class Wheel {
  readonly #at = new Float64Column()
  readonly #links = fields<Int32Array>(3)
  readonly #next = new Int32Column(this.#links, 0)
  readonly #previous = new Int32Column(this.#links, 1)
  readonly #bucket = new Int32Column(this.#links, 2)
  readonly #heads = new Int32Array(BUCKETS).fill(NOWHERE)
  readonly #tails = new Int32Array(BUCKETS).fill(NOWHERE)
  /** Never later than the earliest instant of the bucket. */
  readonly #earliest = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY)
  readonly #filled = new Bitmap(BUCKETS)
  #taken = 0
  /** The bucket, counted from the beginning of time, up to which everything has been taken. */
  #cursor = 0

  /** Makes a slot known; it has no instant. */
  open(slot: number): void {
    this.#bucket.set(slot, NOWHERE)
    this.#at.set(slot, Number.POSITIVE_INFINITY)
  }

  /** In place of the slot's earlier instant; an infinite one is none. */
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

  /** How many were taken and have neither been released since nor been given another instant. */
  get taken(): number {
    return this.#taken
  }
  /** Removes the slot; returns whether it was there. */
  release(slot: number): boolean {
    if (this.#bucket.get(slot) !== TAKEN) return false
    this.#bucket.set(slot, NOWHERE)
    this.#at.set(slot, Number.POSITIVE_INFINITY)
    this.#taken -= 1
    return true
  }
  /** Removes slots whose instant has come, at most this many, bucket by bucket; the caller releases each. */
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

  /** No slot's instant is earlier than this; infinite when there is none. */
  get earliest(): number {
    let earliest = Number.POSITIVE_INFINITY
    const end = this.#cursor + BUCKETS
    for (let turn = this.#nextFilled(this.#cursor); turn < end; turn = this.#nextFilled(turn + 1)) {
      earliest = Math.min(earliest, this.#earliest[turn & (BUCKETS - 1)] as number)
      // Later buckets are later still, unless this bucket holds only slots of another turn of the wheel.
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

  /** What waits here for another turn moves on to where it belongs by now. */
  #sendOn(bucket: number): void {
    let slot = this.#heads[bucket] as number
    while (slot !== NOWHERE) {
      const next = this.#next.get(slot)
      this.set(slot, this.#at.get(slot))
      slot = next
    }
  }

  /** The first bucket from this one on that is not empty, or the same one a whole turn later. */
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
