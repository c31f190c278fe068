// Many small tables that grow one at a time, because growing a single table of a million entries would block the
// process.
const TABLES = 256
const FREE = -1
const NOTHING = new Int32Array(0)

/** Whether the ticket in the slot has this id. */
type IsThere = (slot: number, id: string) => boolean

/**
 * Finds slots by id, with eight bytes per entry plus free space: hash tables with linear probing, and deletion by
 * moving later entries up (Knuth, "The Art of Computer Programming" 3, 6.4, algorithm R). An entry is a hash and a
 * slot; the slot knows the id.
 */
export class IdIndex {
  readonly #tables = Array.from({ length: TABLES }, () => new HashTable())
  readonly #isThere: IsThere

  constructor(isThere: IsThere) {
    this.#isThere = isThere
  }

  get(id: string): number | undefined {
    const hash = hashOf(id)
    const table = this.#tables[hash & (TABLES - 1)] as HashTable
    const at = table.find(hash, id, this.#isThere)
    return at < 0 ? undefined : table.slotAt(at)
  }
  has(id: string): boolean {
    return this.get(id) !== undefined
  }
  /** Adds an id that is not in the index; a slot may have several ids. */
  add(id: string, slot: number): void {
    const hash = hashOf(id)
    const table = this.#tables[hash & (TABLES - 1)] as HashTable
    table.add(hash, slot)
  }
  /** Deletes an id that is in the index. */
  delete(id: string, slot: number): void {
    const hash = hashOf(id)
    const table = this.#tables[hash & (TABLES - 1)] as HashTable
    table.delete(hash, slot)
  }
}

class HashTable {
  /** Hash and slot of each entry, alternately. */
  #entries = NOTHING
  #mask = -1
  #count = 0

  slotAt(at: number): number {
    return this.#entries[2 * at + 1] as number
  }

  find(hash: number, id: string, isThere: IsThere): number {
    if (this.#count === 0) return -1
    const entries = this.#entries
    for (let at = (hash >>> 8) & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = entries[2 * at + 1] as number
      if (slot === FREE) return -1
      if (entries[2 * at] === hash && isThere(slot, id)) return at
    }
  }

  add(hash: number, slot: number): void {
    if (4 * this.#count >= 3 * (this.#mask + 1)) this.#grow()
    this.#put(hash, slot)
    this.#count += 1
  }

  delete(hash: number, slot: number): void {
    const entries = this.#entries
    let hole = (hash >>> 8) & this.#mask
    while (entries[2 * hole] !== hash || entries[2 * hole + 1] !== slot) hole = (hole + 1) & this.#mask
    for (let next = (hole + 1) & this.#mask; entries[2 * next + 1] !== FREE; next = (next + 1) & this.#mask) {
      const home = ((entries[2 * next] as number) >>> 8) & this.#mask
      // An entry moves up unless its home position is behind the hole.
      if (((next - home) & this.#mask) < ((next - hole) & this.#mask)) continue
      entries[2 * hole] = entries[2 * next] as number
      entries[2 * hole + 1] = entries[2 * next + 1] as number
      hole = next
    }
    entries[2 * hole + 1] = FREE
    this.#count -= 1
  }

  #put(hash: number, slot: number): void {
    let at = (hash >>> 8) & this.#mask
    while (this.#entries[2 * at + 1] !== FREE) at = (at + 1) & this.#mask
    this.#entries[2 * at] = hash
    this.#entries[2 * at + 1] = slot
  }

  #grow(): void {
    const before = this.#entries
    this.#mask = Math.max(8, 2 * (this.#mask + 1)) - 1
    this.#entries = new Int32Array(2 * (this.#mask + 1)).fill(FREE)
    for (let n = 0; n < before.length; n += 2) {
      if (before[n + 1] !== FREE) this.#put(before[n] as number, before[n + 1] as number)
    }
  }
}

/** FNV-1a over the characters, with a final mix, because many ids differ only at their end. */
export function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let n = 0; n < id.length; n += 1) hash = Math.imul(hash ^ id.charCodeAt(n), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
