/** What goes by a number, in its order; several may have the same one. */
export class NumberIndex<One> {
  readonly #values: number[] = []
  readonly #ones: One[] = []

  get size(): number {
    return this.#values.length
  }

  add(value: number, one: One): void {
    const place = this.#from(value)
    this.#values.splice(place, 0, value)
    this.#ones.splice(place, 0, one)
  }

  delete(value: number, one: One): void {
    for (let place = this.#from(value); this.#values[place] === value; place++) {
      if (this.#ones[place] !== one) continue
      this.#values.splice(place, 1)
      this.#ones.splice(place, 1)
      return
    }
  }

  /** Those whose number is one of these, both ends among them. */
  within(min: number, max: number): readonly One[] {
    const from = this.#from(min)
    let to = from
    while (to < this.#values.length && (this.#values[to] as number) <= max) to++
    return this.#ones.slice(from, to)
  }

  /** Where the first one stands that is not less. */
  #from(value: number): number {
    let low = 0
    let high = this.#values.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#values[middle] as number) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
