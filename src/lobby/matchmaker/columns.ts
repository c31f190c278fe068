// Storage grows by one chunk at a time: doubling an array of a million entries would hold up everybody for a moment.
const BITS = 14
const CHUNK = 1 << BITS
const MASK = CHUNK - 1

/** One number for each slot, 0 until it is set. */
export class Float64Column {
  readonly #chunks: Float64Array[] = []
  get(slot: number): number {
    return (this.#chunks[slot >> BITS] as Float64Array)[slot & MASK] as number
  }
  set(slot: number, value: number): void {
    const chunk = this.#chunks[slot >> BITS] ?? grow(this.#chunks, slot, () => new Float64Array(CHUNK))
    chunk[slot & MASK] = value
  }
}

/** One whole number of 32 bits for each slot, 0 until it is set. */
export class Int32Column {
  readonly #chunks: Int32Array[] = []
  get(slot: number): number {
    return (this.#chunks[slot >> BITS] as Int32Array)[slot & MASK] as number
  }
  set(slot: number, value: number): void {
    const chunk = this.#chunks[slot >> BITS] ?? grow(this.#chunks, slot, () => new Int32Array(CHUNK))
    chunk[slot & MASK] = value
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
  readonly #free: number[] = []
  #next = 0
  take(): number {
    return this.#free.pop() ?? this.#next++
  }
  giveBack(slot: number): void {
    this.#free.push(slot)
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
