// Storage grows by one chunk at a time, because doubling an array of a million entries would block the process. Only
// the first chunk starts small and doubles, so that a short queue needs little memory.
const BITS = 14
const CHUNK = 1 << BITS
const MASK = CHUNK - 1
const FIRST = 64
const NONE = -1

// The fields of a slot lie side by side, so that one memory access fetches all of them.
export interface Fields<Chunk> {
  chunks: Chunk[]
  width: number
}
/** Makes room for this many columns side by side. */
export const fields = <Chunk>(width: number): Fields<Chunk> => ({ chunks: [], width })

/** One number for each slot; a slot is set before it is read. */
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
    const at = (slot & MASK) * this.#width + this.#field
    let chunk = this.#chunks[slot >> BITS]
    if (chunk === undefined || at >= chunk.length) chunk = this.#grow(slot)
    chunk[at] = value
  }
  #grow(slot: number): Float64Array {
    const grown = new Float64Array(roomFor(slot) * this.#width)
    grown.set(this.#chunks[slot >> BITS] ?? [])
    this.#chunks[slot >> BITS] = grown
    return grown
  }
}

/** One whole number of 32 bits for each slot; a slot is set before it is read. */
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
    const at = (slot & MASK) * this.#width + this.#field
    let chunk = this.#chunks[slot >> BITS]
    if (chunk === undefined || at >= chunk.length) chunk = this.#grow(slot)
    chunk[at] = value
  }
  #grow(slot: number): Int32Array {
    const grown = new Int32Array(roomFor(slot) * this.#width)
    grown.set(this.#chunks[slot >> BITS] ?? [])
    this.#chunks[slot >> BITS] = grown
    return grown
  }
}

/** One object for each slot, or none; a slot is set before it is read. */
export class ObjectColumn<T extends object> {
  readonly #chunks: (T | null)[][] = []
  get(slot: number): T {
    return (this.#chunks[slot >> BITS] as T[])[slot & MASK] as T
  }
  set(slot: number, value: T | null): void {
    const chunk = this.#chunks[slot >> BITS] ?? this.#open(slot >> BITS)
    const at = slot & MASK
    // V8 stores an array with gaps in a slower form.
    while (chunk.length < at) chunk.push(null)
    chunk[at] = value
  }
  /** Like `get`, but returns null for a slot that was never set. */
  find(slot: number): T | null {
    return this.#chunks[slot >> BITS]?.[slot & MASK] ?? null
  }
  /** Removes the slot's object; a slot that was never set takes no memory. */
  clear(slot: number): void {
    if (this.find(slot) !== null) this.set(slot, null)
  }
  #open(index: number): (T | null)[] {
    const opened = index === 0 ? [] : new Array<T | null>(CHUNK).fill(null)
    this.#chunks[index] = opened
    return opened
  }
}

/** Hands out slot numbers; those that were given back come first. */
export class Slots {
  /** The free slots as a linked stack, which needs no growing array. */
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
  /** All slots are smaller than this. */
  get end(): number {
    return this.#next
  }
}

/** The capacity of the chunk that holds this slot. */
const roomFor = (slot: number): number => (slot >= CHUNK ? CHUNK : Math.max(FIRST, 2 ** (32 - Math.clz32(slot))))
