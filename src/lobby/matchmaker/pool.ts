import { Bitmap } from './bitmap.ts'
import type { Lane } from './lane.ts'
import type { Roster } from './roster.ts'

const NOWHERE = -1
const KNOTS = 64
// How many bins for how many places; past each size the bins are made anew.
const GRADES = [
  { upTo: 32, bins: 1 },
  { upTo: 1_024, bins: 64 },
  { upTo: 16_384, bins: 1_024 },
  { upTo: 131_072, bins: 8_192 },
  { upTo: Number.POSITIVE_INFINITY, bins: 16_384 },
]
// Those of the same rating share a bin, however many they are; past this the oldest stand for all.
const PER_BIN = 24

/** Whose places a pool holds. */
export interface PoolKind {
  id: number
  lane: Lane
  classId: number
  size: number
}
export interface PoolShape {
  bins: number
  knots: number[]
}

/**
 * Places of one kind, by rating: bins whose edges are quantiles of the ratings that were there when they were made, each
 * a list, oldest first. Coming, going and finding the nearest take constant time, whatever the number.
 */
export class Pool {
  readonly id: number
  readonly lane: Lane
  readonly classId: number
  /** How many players each ticket in it has. */
  readonly size: number
  count = 0
  #bins = 1
  #knots: Float64Array = new Float64Array(0)
  #heads = new Int32Array(1).fill(NOWHERE)
  #tails = new Int32Array(1).fill(NOWHERE)
  #filled = new Bitmap(1)
  readonly #roster: Roster

  constructor(roster: Roster, { id, lane, classId, size }: PoolKind, shape?: PoolShape) {
    this.#roster = roster
    this.id = id
    this.lane = lane
    this.classId = classId
    this.size = size
    if (shape) this.#reshape(shape.bins, Float64Array.from(shape.knots))
  }

  insert(place: number): void {
    this.#link(place)
    this.count += 1
    const grade = GRADES.find(({ upTo }) => this.count <= upTo)
    if (grade && grade.bins > this.#bins) this.#rebuild(grade.bins)
  }

  remove(place: number): void {
    this.#unlink(place)
    this.count -= 1
    if (this.count === 0 && this.#bins > 1) this.#reshape(1, new Float64Array(0))
  }

  /** Adds at least `wanted` places to `found` if there are so many: those nearest by rank, from each bin the oldest. */
  gather(rating: number, wanted: number, found: number[], perBin = PER_BIN): void {
    if (this.count === 0) return
    const end = found.length + wanted
    const middle = this.#binOf(rating)
    let above = this.#filled.next(middle)
    let below = this.#filled.previous(middle - 1)
    while (found.length < end && (above >= 0 || below >= 0)) {
      const isAboveNearer = below < 0 || (above >= 0 && above - middle <= middle - below)
      this.#collect(isAboveNearer ? above : below, found, this.#bins === 1 ? Number.POSITIVE_INFINITY : perBin)
      if (isAboveNearer) above = this.#filled.next(above + 1)
      else below = this.#filled.previous(below - 1)
    }
  }

  *places(): Iterable<number> {
    for (let bin = this.#filled.next(0); bin >= 0; bin = this.#filled.next(bin + 1)) {
      let place = this.#heads[bin] as number
      for (; place !== NOWHERE; place = this.#roster.next.get(place)) yield place
    }
  }

  shape(): PoolShape {
    return { bins: this.#bins, knots: [...this.#knots] }
  }

  #collect(bin: number, found: number[], limit: number): void {
    let place = this.#heads[bin] as number
    for (let taken = 0; place !== NOWHERE && taken < limit; taken += 1) {
      found.push(place)
      place = this.#roster.next.get(place)
    }
  }

  /** Piece by piece linear between the knots, so that each bin holds about as many. */
  #binOf(rating: number): number {
    if (this.#bins === 1) return 0
    const knots = this.#knots
    let low = 0
    let high = KNOTS - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((knots[middle] as number) <= rating) low = middle
      else high = middle
    }
    const from = knots[low] as number
    const to = knots[high] as number
    const share = to > from ? Math.min(Math.max((rating - from) / (to - from), 0), 1) : rating < from ? 0 : 1
    return Math.min(Math.floor(((low + share) / (KNOTS - 1)) * this.#bins), this.#bins - 1)
  }

  #link(place: number): void {
    const { next, previous, bins } = this.#roster
    const bin = this.#binOf(this.#roster.ratingOf(place))
    let after = this.#tails[bin] as number
    while (after !== NOWHERE && this.#roster.isOlder(place, after)) after = previous.get(after)
    const before = after === NOWHERE ? (this.#heads[bin] as number) : next.get(after)
    bins.set(place, bin)
    previous.set(place, after)
    next.set(place, before)
    if (after === NOWHERE) this.#heads[bin] = place
    else next.set(after, place)
    if (before === NOWHERE) this.#tails[bin] = place
    else previous.set(before, place)
    this.#filled.add(bin)
  }

  #unlink(place: number): void {
    const { next, previous, bins } = this.#roster
    const bin = bins.get(place)
    const before = previous.get(place)
    const after = next.get(place)
    if (before === NOWHERE) this.#heads[bin] = after
    else next.set(before, after)
    if (after === NOWHERE) this.#tails[bin] = before
    else previous.set(after, before)
    if (this.#heads[bin] === NOWHERE) this.#filled.delete(bin)
  }

  #rebuild(bins: number): void {
    const places = [...this.places()]
    const step = Math.max(1, Math.floor(places.length / 1_024))
    const sample = Float64Array.from({ length: Math.ceil(places.length / step) }, (_, n) =>
      this.#roster.ratingOf(places[n * step] as number),
    ).sort()
    const knots = Float64Array.from({ length: KNOTS }, (_, n) => {
      const position = Math.round((n / (KNOTS - 1)) * (sample.length - 1))
      return sample[position] as number
    })
    this.#reshape(bins, knots)
    for (const place of places.sort((a, b) => this.#roster.ageOrder(a, b))) this.#link(place)
  }

  #reshape(bins: number, knots: Float64Array): void {
    this.#bins = bins
    this.#knots = knots
    this.#heads = new Int32Array(bins).fill(NOWHERE)
    this.#tails = new Int32Array(bins).fill(NOWHERE)
    this.#filled = new Bitmap(bins)
  }
}
