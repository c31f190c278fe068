const PAGE = 100

/** A page of 100 items in order of id, after the id `cursor`; with the next cursor when there are more. */
export function pageOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  cursor = '',
): { page: Item[]; cursor?: string } {
  const rest = items
    .map((item) => ({ id: idOf(item), item }))
    .filter(({ id }) => id > cursor)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const shown = rest.slice(0, PAGE)
  const page = shown.map(({ item }) => item)
  const last = shown.at(-1)
  return rest.length > PAGE && last ? { page, cursor: last.id } : { page }
}
