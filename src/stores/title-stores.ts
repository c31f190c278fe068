import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import { copyIdleDatabase } from './backup/copy-directory.ts'
import { openStores, type Stores } from './open-stores.ts'

export interface TitleStores {
  /** Opens the stores of one title. Stores in memory stay for the life of the process. */
  open(id: string, log: Log): Promise<Stores>
  /** The titles that have a directory. */
  stored(): string[]
  /** Copies each title's data to `titles/<id>` in the target, in use or not. */
  copyAll(target: string): Promise<void>
}

/** Each title's data is under `titles/<id>` in the data directory, or in memory without one. */
export function titleStoresIn(dataDir: string | undefined, clock: Clock): TitleStores {
  const directory = dataDir === undefined ? undefined : join(dataDir, 'titles')
  const inMemory = new Map<string, Stores>()
  /** Stores whose files are open. */
  const inUse = new Map<string, Stores>()
  let copying: { id: string; done: Promise<void> } | null = null
  const stored = () => (directory && existsSync(directory) ? readdirSync(directory) : [])

  /** Counts the stores as in use until they are closed. */
  function trackUse(id: string, stores: Stores): Stores {
    inUse.set(id, stores)
    const close = () => {
      inUse.delete(id)
      return stores.store.close()
    }
    return { ...stores, store: { ...stores.store, close } }
  }

  async function copy(from: string, id: string, target: string): Promise<void> {
    const stores = inUse.get(id)
    if (!stores?.copyTo) return copyIdleDatabase(join(from, id), target)
    mkdirSync(target, { recursive: true, mode: 0o700 })
    await stores.copyTo(join(target, 'muster.db'))
  }

  return {
    async open(id, log) {
      const known = inMemory.get(id)
      if (known) return known
      // Copying an idle title locks it for a moment.
      if (copying?.id === id) await copying.done.catch(() => {})
      const stores = await openStores(directory && join(directory, id), { clock, log })
      if (stores.isLasting) return trackUse(id, stores)
      inMemory.set(id, stores)
      return stores
    },
    stored,
    async copyAll(target) {
      for (const id of stored()) {
        if (!directory || !statSync(join(directory, id)).isDirectory()) continue
        const done = copy(directory, id, join(target, 'titles', id))
        copying = { id, done }
        await done.finally(() => {
          copying = null
        })
      }
    },
  }
}
