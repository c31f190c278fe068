import type { RecordStore } from '../lobby/record-store.ts'
import type { MatchStore } from '../match/match-store.ts'
import type { Clock, Log } from '../ports.ts'
import { openMemoryMatchStore } from './memory/match-store.ts'
import { openMemoryRecordStore } from './memory/record-store.ts'
import { openSqliteStores } from './sqlite/stores.ts'

/** The stores of one title. */
export interface Stores {
  store: MatchStore
  records: RecordStore
  /** Whether their data outlives the process. */
  isLasting: boolean
  /** Copies the data to a new file while it is in use; lasting stores only. */
  copyTo?(path: string): Promise<void>
}

/** Opens SQLite stores in `dataDir`, or stores in memory without one. */
export async function openStores(
  dataDir: string | undefined,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Stores> {
  if (dataDir === undefined) {
    return { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: false }
  }
  return { ...(await openSqliteStores({ directory: dataDir, clock, log })), isLasting: true }
}
