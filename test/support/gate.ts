/** Lets work pass, or holds it until it is opened again. */
export function openGate() {
  let isOpen = true
  let held: (() => void)[] = []
  return {
    shut(): void {
      isOpen = false
    },
    open(): void {
      isOpen = true
      for (const go of held) go()
      held = []
    },
    waiting: () => held.length,
    async pass<T>(work: () => Promise<T>): Promise<T> {
      if (!isOpen) await new Promise<void>((go) => held.push(go))
      return work()
    },
  }
}
