/** Counts by key. A key whose count falls to zero is forgotten. */
export function createCounts<Key>() {
  const counts = new Map<Key, number>()

  function change(key: Key, by: number): number {
    const count = (counts.get(key) ?? 0) + by
    if (count > 0) counts.set(key, count)
    else counts.delete(key)
    return count
  }

  return {
    /** Counts one more; returns the count. */
    add: (key: Key): number => change(key, 1),
    /** Counts one less; returns the count. */
    remove: (key: Key): number => change(key, -1),
    of: (key: Key): number => counts.get(key) ?? 0,
    has: (key: Key): boolean => counts.has(key),
    size: (): number => counts.size,
  }
}
