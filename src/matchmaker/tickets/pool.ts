import { Bitmap } from './bitmap.ts'
import { binOf, binsFor, knotsOf, mostIn, NO_KNOTS } from './quantile-bins.ts'
import type { Roster } from './roster.ts'

const NOWHERE = -1
// Tickets of the same rating share a bin; beyond this number, and beyond the wanted one, the oldest represent all.
const PER_BIN = 24

/** Whose places a pool holds. */
export interface PoolKind {
  id: number
  laneId: number
  classId: number
  size: number
  /** Whether its tickets differ in attributes and wants. */
  isMixed: boolean
}
/**
 * Places of one kind, by rating: bins whose edges are quantiles of the ratings that were there when they were made, each
 * a list, oldest first. Coming, going and finding the nearest take constant time, whatever the number.
 */
export class Pool {
  readonly id: number
  readonly laneId: number
  readonly classId: number
  /** How many players each ticket in it has. */
  readonly size: number
  readonly isMixed: boolean
  count = 0
  /** Where the next `gatherFurther` begins. */
  #cursor = NOWHERE
  #bins = 1
  /** With more than so many, more bins are due. */
  #full = mostIn(1)
  #knots = NO_KNOTS
  /** For each bin its first place and its last. */
  #ends = new Int32Array(2).fill(NOWHERE)
  /** The bins that are not empty; none is needed for a single bin. */
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

  /** Adds at least `wanted` places to `found` if there are so many: those nearest by rank, from each bin the oldest. */
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

  /** Adds up to `wanted` places to `found`, each time going on where it ended: so in time everybody is looked at. */
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
  /** The first place of this bin, or of those after it. */
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

  /** The first bin from this one on that holds something, or -1. */
  #next(bin: number): number {
    if (this.#filled) return this.#filled.next(bin)
    return bin === 0 && this.#ends[0] !== NOWHERE ? 0 : -1
  }

  // Bin by bin, each from the oldest on: then a new bin gets its places nearly in the order of their age.
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
