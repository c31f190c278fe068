/**
 * A set of small whole numbers that finds the next or the previous member in constant time, with two levels of bits.
 */
export class Bitmap {
  readonly #bits: Uint32Array
  readonly #summary: Uint32Array

  /** Holds the numbers from 0 to `size` − 1; `size` is at most 2²⁰. */
  constructor(size: number) {
    this.#bits = new Uint32Array(Math.ceil(size / 32))
    this.#summary = new Uint32Array(Math.ceil(size / 1024))
  }

  add(index: number): void {
    const word = index >> 5
    this.#bits[word] = at(this.#bits, word) | (1 << (index & 31))
    this.#summary[word >> 5] = at(this.#summary, word >> 5) | (1 << (word & 31))
  }

  delete(index: number): void {
    const word = index >> 5
    this.#bits[word] = at(this.#bits, word) & ~(1 << (index & 31))
    if (this.#bits[word] === 0) this.#summary[word >> 5] = at(this.#summary, word >> 5) & ~(1 << (word & 31))
  }

  /** The smallest member from `index` on, or -1. */
  next(index: number): number {
    const word = index >> 5
    if (word >= this.#bits.length) return -1
    const here = at(this.#bits, word) & (~0 << (index & 31))
    if (here !== 0) return (word << 5) + lowest(here)
    const found = this.#nextWord(word + 1)
    return found < 0 ? -1 : (found << 5) + lowest(at(this.#bits, found))
  }

  /** The largest member up to `index`, or -1. */
  previous(index: number): number {
    if (index < 0) return -1
    const word = index >> 5
    const here = at(this.#bits, word) & (~0 >>> (31 - (index & 31)))
    if (here !== 0) return (word << 5) + highest(here)
    const found = this.#previousWord(word - 1)
    return found < 0 ? -1 : (found << 5) + highest(at(this.#bits, found))
  }

  #nextWord(word: number): number {
    for (let group = word >> 5; group < this.#summary.length; group += 1) {
      const mask = group === word >> 5 ? ~0 << (word & 31) : ~0
      const words = at(this.#summary, group) & mask
      if (words !== 0) return (group << 5) + lowest(words)
    }
    return -1
  }

  #previousWord(word: number): number {
    for (let group = word >> 5; group >= 0; group -= 1) {
      const mask = group === word >> 5 ? ~0 >>> (31 - (word & 31)) : ~0
      const words = at(this.#summary, group) & mask
      if (words !== 0) return (group << 5) + highest(words)
    }
    return -1
  }
}

const at = (words: Uint32Array, index: number): number => words[index] as number
const lowest = (word: number): number => 31 - Math.clz32(word & -word)
const highest = (word: number): number => 31 - Math.clz32(word)
