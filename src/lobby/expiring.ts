import type { Cancel, Clock, EpochMs } from '../ports.ts'

export type Expiring<Key, Value> = ReturnType<typeof createExpiring<Key, Value>>

/** A map whose entries go by themselves, each at its own instant; `expired` is told after an entry has gone. */
export function createExpiring<Key, Value>(clock: Clock, expired: (key: Key) => void = () => {}) {
  const entries = new Map<Key, { value: Value; cancel: Cancel }>()

  function remove(key: Key): void {
    entries.get(key)?.cancel()
    entries.delete(key)
  }

  return {
    get: (key: Key): Value | undefined => entries.get(key)?.value,
    has: (key: Key): boolean => entries.has(key),
    /** In place of what was there. */
    set(key: Key, value: Value, until: EpochMs): void {
      remove(key)
      const expire = () => {
        entries.delete(key)
        expired(key)
      }
      entries.set(key, { value, cancel: clock.at(until, expire) })
    },
    delete: remove,
    clear(): void {
      for (const key of [...entries.keys()]) remove(key)
    },
    size: () => entries.size,
  }
}
