import type { Cancel, Clock, EpochMs } from '../ports.ts'

/** A map whose entries expire, each at its own instant; calls `expired` after removing an expired entry. */
export function createExpiringMap<Key, Value>(clock: Clock, expired: (key: Key) => void = () => {}) {
  const entries = new Map<Key, { value: Value; cancel: Cancel }>()
  let isStopped = false

  function remove(key: Key): void {
    entries.get(key)?.cancel()
    entries.delete(key)
  }

  return {
    get: (key: Key): Value | undefined => entries.get(key)?.value,
    has: (key: Key): boolean => entries.has(key),
    /** Replaces the entry and its expiry. */
    set(key: Key, value: Value, until: EpochMs): void {
      remove(key)
      if (isStopped) return
      const expire = () => {
        entries.delete(key)
        expired(key)
      }
      entries.set(key, { value, cancel: clock.at(until, expire) })
    },
    delete: remove,
    /** Removes all entries and ignores later ones: for a process that stops. */
    stop(): void {
      isStopped = true
      for (const key of [...entries.keys()]) remove(key)
    },
    size: () => entries.size,
  }
}
