/**
 * Runs work that shares a key one after the other, in the order of the calls, and other work side by side. A call takes
 * all its keys at once, so no deadlock is possible.
 */
export function createMultiKeyQueue() {
  const tails = new Map<string, Promise<void>>()
  let waiting = 0

  function run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    waiting += 1
    const done = Promise.all(keys.flatMap((key) => tails.get(key) ?? [])).then(work)
    const tail = done.then(finish, finish)
    for (const key of keys) tails.set(key, tail)
    function finish(): void {
      waiting -= 1
      for (const key of keys) if (tails.get(key) === tail) tails.delete(key)
    }
    return done
  }

  return {
    run,
    waiting: () => waiting,
    /** Resolves when all work queued so far is done. */
    idle: async (): Promise<void> => void (await Promise.all(tails.values())),
  }
}
