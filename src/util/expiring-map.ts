import type { Cancel, Clock, EpochMs } from '../ports.ts'

/** A map whose entries go by themselves, each at its own instant; `expired` is told after an entry has gone. */
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
    /** In place of what was there. */
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
    /** Takes everything out, and nothing in any more: for a process that stops. */
    stop(): void {
      isStopped = true
      for (const key of [...entries.keys()]) remove(key)
    },
    size: () => entries.size,
  }
}
