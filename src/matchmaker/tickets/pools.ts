import { ObjectColumn, Slots } from './columns.ts'
import type { Pool } from './pool.ts'

/** All pools by their numbers; a place stores the number of its pool. */
export class Pools {
  readonly #pools = new ObjectColumn<Pool>()
  readonly #ids = new Slots()

  add(open: (id: number) => Pool): Pool {
    const pool = open(this.#ids.take())
    this.#pools.set(pool.id, pool)
    return pool
  }
  get(id: number): Pool {
    return this.#pools.get(id)
  }
  delete(id: number): void {
    this.#pools.set(id, null)
    this.#ids.giveBack(id)
  }
}
