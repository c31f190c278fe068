import type { RecordStore } from '../lobby/record-store.ts'
import type { MatchStore } from '../match/match-store.ts'
import type { Clock, Log } from '../ports.ts'
import { openMemoryMatchStore } from './memory/match-store.ts'
import { openMemoryRecordStore } from './memory/record-store.ts'
import { openSqliteStores } from './sqlite/stores.ts'

/** Everything that is kept, chosen once. */
export interface Stores {
  store: MatchStore
  records: RecordStore
  /** Whether what they hold outlives the process. */
  isLasting: boolean
  /** Copies what is kept to a new file while it is in use; only where it is lasting. */
  copyTo?(path: string): Promise<void>
}

/** The stores that the settings ask for. */
export async function openStores(
  dataDir: string | undefined,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Stores> {
  if (dataDir === undefined) {
    return { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: false }
  }
  return { ...(await openSqliteStores({ directory: dataDir, clock, log })), isLasting: true }
}
