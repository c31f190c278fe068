/** A function that ends a subscription; calling it again does nothing. */
export type Stop = () => void

/** Calls a listener of the application. Its error is thrown outside of the client, which stays as it was. */
export function call(listener: () => void): void {
  try {
    listener()
  } catch (fault) {
    queueMicrotask(() => {
      throw fault
    })
  }
}

/** The listeners of one kind of news. */
export function createListeners<Args extends unknown[]>() {
  const listeners = new Set<(...args: Args) => void>()
  return {
    add(listener: (...args: Args) => void): Stop {
      // The same function may subscribe twice.
      const own = (...args: Args) => listener(...args)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell(...args: Args): void {
      for (const listener of [...listeners]) call(() => listener(...args))
    },
  }
}
