// Requests of a few hundred players at once; more than this is a store that does not answer.
const MAX_WAITING = 1_000

/** Lets what is done with one thing happen one after the other; work on different things does not wait. */
export function createKeyedQueue<Key>() {
  const lines = new Map<Key, { last: Promise<unknown>; waiting: number }>()

  function inTurn<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const line = lines.get(key) ?? { last: Promise.resolve(), waiting: 0 }
    const turn = line.last.then(work, work)
    const leave = () => {
      line.waiting -= 1
      if (line.waiting === 0) lines.delete(key)
    }
    line.last = turn
    line.waiting += 1
    lines.set(key, line)
    turn.then(leave, leave)
    return turn
  }

  return {
    inTurn,
    /** Whether so many wait that nobody should wait behind them. */
    isFull: (key: Key): boolean => (lines.get(key)?.waiting ?? 0) >= MAX_WAITING,
    size: () => lines.size,
  }
}
