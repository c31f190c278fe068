const PAGE = 100

/** One page of a list, by id, after the id `cursor`; the next cursor when there is more. */
export function pageOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  cursor = '',
): { page: Item[]; cursor?: string } {
  const ids = new Map(items.map((item) => [idOf(item), item]))
  const rest = [...ids.keys()].filter((id) => id > cursor).sort(byCodeUnit)
  const shown = rest.slice(0, PAGE)
  const page = shown.flatMap((id) => ids.get(id) ?? [])
  const last = shown.at(-1)
  return rest.length > PAGE && last !== undefined ? { page, cursor: last } : { page }
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : 1)
