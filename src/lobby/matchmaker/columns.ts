// Storage grows by one chunk at a time: doubling an array of a million entries would hold up everybody for a moment.
const BITS = 14
const CHUNK = 1 << BITS
const MASK = CHUNK - 1
const NONE = -1

// What is looked at together lies together: the fields of a slot are neighbours, so that one access fetches all.
export interface Fields<Chunk> {
  chunks: Chunk[]
  width: number
}
/** Room for so many columns side by side. */
export const fields = <Chunk>(width: number): Fields<Chunk> => ({ chunks: [], width })

/** One number for each slot, 0 until it is set. */
export class Float64Column {
  readonly #chunks: Float64Array[]
  readonly #width: number
  readonly #field: number
  constructor(record = fields<Float64Array>(1), field = 0) {
    this.#chunks = record.chunks
    this.#width = record.width
    this.#field = field
  }
  get(slot: number): number {
    return (this.#chunks[slot >> BITS] as Float64Array)[(slot & MASK) * this.#width + this.#field] as number
  }
  set(slot: number, value: number): void {
    const chunk = this.#chunks[slot >> BITS] ?? grow(this.#chunks, slot, () => new Float64Array(CHUNK * this.#width))
    chunk[(slot & MASK) * this.#width + this.#field] = value
  }
}

/** One whole number of 32 bits for each slot, 0 until it is set. */
export class Int32Column {
  readonly #chunks: Int32Array[]
  readonly #width: number
  readonly #field: number
  constructor(record = fields<Int32Array>(1), field = 0) {
    this.#chunks = record.chunks
    this.#width = record.width
    this.#field = field
  }
  get(slot: number): number {
    return (this.#chunks[slot >> BITS] as Int32Array)[(slot & MASK) * this.#width + this.#field] as number
  }
  set(slot: number, value: number): void {
    const chunk = this.#chunks[slot >> BITS] ?? grow(this.#chunks, slot, () => new Int32Array(CHUNK * this.#width))
    chunk[(slot & MASK) * this.#width + this.#field] = value
  }
}

/** One object for each slot, or none. */
export class ObjectColumn<T extends object> {
  readonly #chunks: (T | null)[][] = []
  get(slot: number): T {
    return (this.#chunks[slot >> BITS] as T[])[slot & MASK] as T
  }
  set(slot: number, value: T | null): void {
    const chunk = this.#chunks[slot >> BITS] ?? grow(this.#chunks, slot, () => new Array<T | null>(CHUNK).fill(null))
    chunk[slot & MASK] = value
  }
}

/** Hands out slots, those that were given back first. */
export class Slots {
  /** For each free slot the one that was free before it; a stack without an array that doubles. */
  readonly #below = new Int32Column()
  #free = NONE
  #next = 0
  take(): number {
    if (this.#free === NONE) return this.#next++
    const slot = this.#free
    this.#free = this.#below.get(slot)
    return slot
  }
  giveBack(slot: number): void {
    this.#below.set(slot, this.#free)
    this.#free = slot
  }
  /** No slot is as large as this. */
  get end(): number {
    return this.#next
  }
}

function grow<Chunk>(chunks: Chunk[], slot: number, make: () => Chunk): Chunk {
  for (let index = chunks.length; index <= slot >> BITS; index += 1) chunks.push(make())
  return chunks[slot >> BITS] as Chunk
}
