import type { MatchStore } from '../match/match-store.ts'

/** The same store, which can also say whether it took the last thing it was given. */
export function withHealth(store: MatchStore): { store: MatchStore; isHealthy: () => boolean } {
  let isHealthy = true
  async function watched<T>(writing: Promise<T>): Promise<T> {
    try {
      const written = await writing
      isHealthy = true
      return written
    } catch (fault) {
      isHealthy = false
      throw fault
    }
  }
  return {
    isHealthy: () => isHealthy,
    store: {
      ...store,
      commit: (commit) => watched(store.commit(commit)),
      remove: (matchId) => watched(store.remove(matchId)),
      beat: (now) => watched(store.beat(now)),
    },
  }
}
