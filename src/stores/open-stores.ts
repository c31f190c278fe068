import type { RecordStore } from '../lobby/record-store.ts'
import type { MatchStore } from '../match/match-store.ts'
import type { Clock, Log } from '../ports.ts'
import { openMemoryMatchStore } from './memory-match-store.ts'
import { openMemoryRecordStore } from './memory-record-store.ts'
import { openSqliteMatchStore } from './sqlite-match-store.ts'

/** Everything that is kept, chosen once. */
export interface Stores {
  store: MatchStore
  records: RecordStore
  /** Whether what they hold outlives the process. */
  isLasting: boolean
}

/** The stores that the settings ask for. */
export async function openStores(
  dataDir: string | undefined,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Stores> {
  const records = openMemoryRecordStore()
  if (dataDir === undefined) return { store: openMemoryMatchStore(), records, isLasting: false }
  return { store: await openSqliteMatchStore({ directory: dataDir, clock, log }), records, isLasting: true }
}
