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
const noWatch: StoreWatch = { stored() {}, notStored() {} }

/** Wraps the stores: tells `watch` of each write, and whether it failed. `isHealthy` is the outcome of the last one. */
export function withHealth(
  { store, records }: Watched,
  watch: StoreWatch = noWatch,
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
