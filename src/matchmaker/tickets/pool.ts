import { Bitmap } from './bitmap.ts'
import { binOf, binsFor, knotsOf, mostIn, NO_KNOTS } from './quantile-bins.ts'
import type { Roster } from './roster.ts'

const NOWHERE = -1
// Tickets of the same rating share a bin. Beyond this number, and beyond the number wanted, the oldest represent them
// all.
const PER_BIN = 24

/** The kind of places that a pool holds. */
export interface PoolKind {
  id: number
  laneId: number
  classId: number
  size: number
  /** Whether its tickets differ in attributes and wants. */
  isMixed: boolean
}
/**
 * Places of one kind, sorted by rating into bins. The edges of the bins are quantiles of the ratings at the last
 * rebuild; each bin is a list, oldest first. Insertion, removal and finding the nearest take constant time, whatever
 * the number of places.
 */
export class Pool {
  readonly id: number
  readonly laneId: number
  readonly classId: number
  /** The number of players of each ticket in it. */
  readonly size: number
  readonly isMixed: boolean
  count = 0
  /** The place at which the next `gatherFurther` begins. */
  #cursor = NOWHERE
  #bins = 1
  /** With more places than this, the pool is rebuilt with more bins. */
  #full = mostIn(1)
  #knots = NO_KNOTS
  /** The first and the last place of each bin. */
  #ends = new Int32Array(2).fill(NOWHERE)
  /** The non-empty bins; null while there is a single bin. */
  #filled: Bitmap | null = null
  readonly #roster: Roster

  constructor(roster: Roster, { id, laneId, classId, size, isMixed }: PoolKind) {
    this.#roster = roster
    this.id = id
    this.laneId = laneId
    this.classId = classId
    this.size = size
    this.isMixed = isMixed
  }

  insert(place: number): void {
    this.#link(place)
    this.count += 1
    if (this.count > this.#full) this.#rebuild()
  }

  remove(place: number): void {
    if (place === this.#cursor) this.#cursor = this.#after(place)
    this.#unlink(place)
    this.count -= 1
    if (this.count === 0 && this.#bins > 1) this.#reshape(1, NO_KNOTS)
  }

  /**
   * Adds at least `wanted` places to `found`, or all if there are fewer: the nearest by rank, and the oldest of each
   * bin.
   */
  gather(rating: number, wanted: number, found: number[], perBin = PER_BIN): void {
    if (this.count === 0) return
    if (this.#filled === null) return this.#collect(0, found, Number.POSITIVE_INFINITY)
    const end = found.length + wanted
    const middle = this.#binAt(rating)
    let above = this.#filled.next(middle)
    let below = this.#filled.previous(middle - 1)
    while (found.length < end && (above >= 0 || below >= 0)) {
      const isAboveNearer = below < 0 || (above >= 0 && above - middle <= middle - below)
      this.#collect(isAboveNearer ? above : below, found, Math.max(perBin, end - found.length))
      if (isAboveNearer) above = this.#filled.next(above + 1)
      else below = this.#filled.previous(below - 1)
    }
  }

  /**
   * Adds up to `wanted` places to `found`, from where the last call ended, so that repeated calls reach every place.
   */
  gatherFurther(wanted: number, found: number[]): void {
    for (let left = Math.min(wanted, this.count); left > 0; left -= 1) {
      const place = this.#cursor === NOWHERE ? this.#firstFrom(0) : this.#cursor
      found.push(place)
      this.#cursor = this.#after(place)
    }
  }
  #after(place: number): number {
    const next = this.#roster.next.get(place)
    return next === NOWHERE ? this.#firstFrom(this.#roster.bins.get(place) + 1) : next
  }
  /** The first place of this bin or of the bins after it. */
  #firstFrom(from: number): number {
    const bin = from < this.#bins ? this.#next(from) : NOWHERE
    return bin < 0 ? NOWHERE : (this.#ends[2 * bin] as number)
  }

  *places(): Iterable<number> {
    for (let bin = this.#next(0); bin >= 0; bin = this.#next(bin + 1)) {
      let place = this.#ends[2 * bin] as number
      for (; place !== NOWHERE; place = this.#roster.next.get(place)) yield place
    }
  }

  #collect(bin: number, found: number[], limit: number): void {
    let place = this.#ends[2 * bin] as number
    for (let taken = 0; place !== NOWHERE && taken < limit; taken += 1) {
      found.push(place)
      place = this.#roster.next.get(place)
    }
  }

  #binAt(rating: number): number {
    return this.#bins === 1 ? 0 : binOf(rating, this.#knots, this.#bins)
  }

  #link(place: number): void {
    const { next, previous, bins } = this.#roster
    const bin = this.#binAt(this.#roster.ratingOf(place))
    let after = this.#ends[2 * bin + 1] as number
    while (after !== NOWHERE && this.#roster.isOlder(place, after)) after = previous.get(after)
    const before = after === NOWHERE ? (this.#ends[2 * bin] as number) : next.get(after)
    bins.set(place, bin)
    previous.set(place, after)
    next.set(place, before)
    if (after === NOWHERE) this.#ends[2 * bin] = place
    else next.set(after, place)
    if (before === NOWHERE) this.#ends[2 * bin + 1] = place
    else previous.set(before, place)
    this.#filled?.add(bin)
  }

  #unlink(place: number): void {
    const { next, previous, bins } = this.#roster
    const bin = bins.get(place)
    const before = previous.get(place)
    const after = next.get(place)
    if (before === NOWHERE) this.#ends[2 * bin] = after
    else next.set(before, after)
    if (after === NOWHERE) this.#ends[2 * bin + 1] = before
    else previous.set(after, before)
    if (this.#ends[2 * bin] === NOWHERE) this.#filled?.delete(bin)
  }

  /** The first non-empty bin from this one on, or -1. */
  #next(bin: number): number {
    if (this.#filled) return this.#filled.next(bin)
    return bin === 0 && this.#ends[0] !== NOWHERE ? 0 : -1
  }

  // Bin by bin and oldest first, so that each new bin gets its places nearly in the order of their age.
  #rebuild(): void {
    const places = Int32Array.from(this.places())
    const step = Math.max(1, Math.floor(places.length / 1_024))
    const sample = new Float64Array(Math.ceil(places.length / step))
    for (let n = 0; n < sample.length; n += 1) sample[n] = this.#roster.ratingOf(places[n * step] as number)
    this.#reshape(binsFor(this.count), knotsOf(sample))
    for (const place of places) this.#link(place)
  }

  #reshape(bins: number, knots: Float64Array): void {
    this.#cursor = NOWHERE
    this.#bins = bins
    this.#full = mostIn(bins)
    this.#knots = knots
    this.#ends = new Int32Array(2 * bins).fill(NOWHERE)
    this.#filled = bins > 1 ? new Bitmap(bins) : null
  }
}
