interface Row<T> {
  item: HTMLElement
  update(entry: T): void
}

/** Shows one row for each entry. Rows of remaining entries are kept, and with them the focus. */
export function createRows<T>(list: Element, keyOf: (entry: T) => string, make: (entry: T) => Row<T>) {
  const rows = new Map<string, Row<T>>()

  return function show(entries: readonly T[]): void {
    const keys = new Set(entries.map(keyOf))
    for (const [key, { item }] of rows) {
      if (keys.has(key)) continue
      item.remove()
      rows.delete(key)
    }
    for (const [n, entry] of entries.entries()) {
      const row = rows.get(keyOf(entry)) ?? make(entry)
      rows.set(keyOf(entry), row)
      row.update(entry)
      if (list.children[n] !== row.item) list.insertBefore(row.item, list.children[n] ?? null)
    }
  }
}
