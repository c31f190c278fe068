import type { RecordStore } from '../lobby/record-store.ts'
import type { MatchStore } from '../match/match-store.ts'

interface Watched {
  store: MatchStore
  records: RecordStore
}

interface StoreWatch {
  stored(): void
  notStored(): void
}
const nobody: StoreWatch = { stored() {}, notStored() {} }

/** The same stores, and whether they took the last thing they were given, which `watch` is told each time. */
export function withHealth(
  { store, records }: Watched,
  watch: StoreWatch = nobody,
): Watched & { isHealthy: () => boolean } {
  let isHealthy = true
  async function watched<T>(writing: Promise<T>): Promise<T> {
    try {
      const written = await writing
      isHealthy = true
      watch.stored()
      return written
    } catch (fault) {
      isHealthy = false
      watch.notStored()
      throw fault
    }
  }
  return {
    isHealthy: () => isHealthy,
    store: {
      ...store,
      commit: (commit) => watched(store.commit(commit)),
      remove: (matchId) => watched(store.remove(matchId)),
      seedRating: (...seed) => watched(store.seedRating(...seed)),
      beat: (...beat) => watched(store.beat(...beat)),
    },
    records: { ...records, write: (changes) => watched(records.write(changes)) },
  }
}
