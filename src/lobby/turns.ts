/** Lets what is done with one thing happen one after the other; work on different things does not wait. */
export function createTurns<Key>() {
  const last = new Map<Key, Promise<unknown>>()

  return function inTurn<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
    const leave = () => {
      if (last.get(key) === turn) last.delete(key)
    }
    last.set(key, turn)
    turn.then(leave, leave)
    return turn
  }
}
