/** Lets one wait for something to become true, never longer than said. */
export interface Recheck {
  /** Something changed: every waiting check runs again. */
  beat(): void
  /** Resolves to true as soon as the check holds, or to false after `ms`. */
  until(isTrue: () => boolean, ms: number): Promise<boolean>
}

export function createRecheck(): Recheck {
  const waiting = new Set<() => void>()
  return {
    beat() {
      for (const look of waiting) look()
    },
    until: (isTrue, ms) =>
      new Promise((resolve) => {
        if (isTrue()) return resolve(true)
        const look = () => {
          if (isTrue()) end(true)
        }
        const timer = setTimeout(() => end(isTrue()), Math.max(0, ms))
        const end = (verdict: boolean) => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(verdict)
        }
        waiting.add(look)
      }),
  }
}
