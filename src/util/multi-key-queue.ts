/**
 * Work that shares a key is done one after the other, in the order in which it was asked for; everything else side by
 * side. All keys of a piece of work are taken at once, so that no two pieces ever wait for each other.
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
    /** Resolves when all that was asked for up to now is done. */
    idle: async (): Promise<void> => void (await Promise.all(tails.values())),
  }
}
