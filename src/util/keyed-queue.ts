// Leaves room for the requests of a few hundred players; a longer queue means that the store does not answer.
const MAX_WAITING = 1_000

/** Runs work with the same key one after the other, and work with different keys side by side. */
export function createKeyedQueue<Key>() {
  const queues = new Map<Key, { last: Promise<unknown>; waiting: number }>()

  function inTurn<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const queue = queues.get(key) ?? { last: Promise.resolve(), waiting: 0 }
    const done = queue.last.then(work, work)
    const leave = () => {
      queue.waiting -= 1
      if (queue.waiting === 0) queues.delete(key)
    }
    queue.last = done
    queue.waiting += 1
    queues.set(key, queue)
    done.then(leave, leave)
    return done
  }

  return {
    inTurn,
    /** Whether too much work waits on this key to add more. */
    isFull: (key: Key): boolean => (queues.get(key)?.waiting ?? 0) >= MAX_WAITING,
    size: () => queues.size,
  }
}
