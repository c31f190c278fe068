/** Pushes may arrive before the code after `await` sees a reply: they wait here, in order, until it has. */
export function createInbox() {
  let held: (() => void)[] | null = []

  const hear = (take: () => void): void => void (held ? held.push(take) : take())
  return {
    hear,
    hold(): void {
      held ??= []
    },
    release(): void {
      const waiting = held ?? []
      held = null
      for (const take of waiting) hear(take)
    },
  }
}
