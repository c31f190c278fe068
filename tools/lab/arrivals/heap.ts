/** What is due next, first. */
export function heapOf<T>(dueAt: (item: T) => number) {
  const items: T[] = []
  const at = (n: number): number => dueAt(items[n] as T)

  function swap(a: number, b: number): void {
    const kept = items[a] as T
    items[a] = items[b] as T
    items[b] = kept
  }
  function sink(n: number): void {
    let least = n
    for (const child of [2 * n + 1, 2 * n + 2]) if (child < items.length && at(child) < at(least)) least = child
    if (least === n) return
    swap(n, least)
    sink(least)
  }

  return {
    peek: (): T | undefined => items[0],
    push(item: T): void {
      items.push(item)
      for (let n = items.length - 1; n > 0 && at(n) < at((n - 1) >> 1); n = (n - 1) >> 1) swap(n, (n - 1) >> 1)
    },
    pop(): T | undefined {
      if (items.length === 0) return undefined
      swap(0, items.length - 1)
      const first = items.pop()
      if (items.length > 0) sink(0)
      return first
    },
  }
}
