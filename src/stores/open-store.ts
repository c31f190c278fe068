import type { MatchStore } from '../match/match-store.ts'
import type { Clock, Log } from '../ports.ts'
import { openMemoryMatchStore } from './memory-match-store.ts'
import { openSqliteMatchStore } from './sqlite-match-store.ts'

/** The store that the settings ask for, and whether what it holds outlives the process. */
export async function openStore(
  dataDir: string | undefined,
  { clock, log }: { clock: Clock; log: Log },
): Promise<{ store: MatchStore; isLasting: boolean }> {
  if (dataDir === undefined) return { store: openMemoryMatchStore(), isLasting: false }
  return { store: await openSqliteMatchStore({ directory: dataDir, clock, log }), isLasting: true }
}
