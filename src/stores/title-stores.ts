import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import { openStores, type Stores } from './open-stores.ts'

export interface TitleStores {
  /** The stores of one title, apart from those of all others. What is in memory stays while the process lives. */
  open(id: string, log: Log): Promise<Stores>
  /** The titles that have a directory of their own by now. */
  stored(): string[]
}

/** Each title keeps its own under `titles/<id>` of the data directory, or in memory when there is none. */
export function titleStoresIn(dataDir: string | undefined, clock: Clock): TitleStores {
  const directory = dataDir === undefined ? undefined : join(dataDir, 'titles')
  const inMemory = new Map<string, Stores>()
  return {
    async open(id, log) {
      const known = inMemory.get(id)
      if (known) return known
      const stores = await openStores(directory && join(directory, id), { clock, log })
      if (!stores.isLasting) inMemory.set(id, stores)
      return stores
    },
    stored: () => (directory && existsSync(directory) ? readdirSync(directory) : []),
  }
}
