// Leaves room for the requests of a few hundred players; a longer queue means that the store does not answer.
const MAX_WAITING = 1_000

/**
 * Runs work that shares a key one after the other, in the order of the calls, and other work side by side. A call takes
 * all its keys at once, so no deadlock is possible.
 */
export function createKeyedQueue<Key extends string>() {
  const queues = new Map<Key, { last: Promise<void>; waiting: number }>()
  let waiting = 0

  function inTurn<T>(keys: Key | readonly Key[], work: () => Promise<T>): Promise<T> {
    const own = [...new Set(typeof keys === 'string' ? [keys] : keys)]
    const done = Promise.all(own.flatMap((key) => queues.get(key)?.last ?? [])).then(work)
    const left = done.then(leave, leave)
    function leave(): void {
      waiting -= 1
      for (const key of own) leaveQueue(key)
    }
    waiting += 1
    for (const key of own) queues.set(key, { last: left, waiting: (queues.get(key)?.waiting ?? 0) + 1 })
    return done
  }

  function leaveQueue(key: Key): void {
    const queue = queues.get(key)
    if (!queue) return
    queue.waiting -= 1
    if (queue.waiting === 0) queues.delete(key)
  }

  return {
    inTurn,
    /** Whether too much work waits on this key to add more. */
    isFull: (key: Key): boolean => (queues.get(key)?.waiting ?? 0) >= MAX_WAITING,
    /** How much work waits or runs, on all keys together. */
    waiting: () => waiting,
    /** Resolves when all work queued so far is done. */
    idle: async (): Promise<void> => void (await Promise.all(Array.from(queues.values(), ({ last }) => last))),
    size: () => queues.size,
  }
}
