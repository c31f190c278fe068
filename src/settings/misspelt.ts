/** Finds unknown settings that are one edit away from a known one. */
export function misspelt(given: readonly string[], known: readonly string[]): { setting: string; meant: string }[] {
  const unknown = given.filter((name) => !known.includes(name))
  return unknown.flatMap((setting) => {
    const meant = known.find((name) => isOneEditAway(setting.toUpperCase(), name))
    return meant ? [{ setting, meant }] : []
  })
}

/** Whether the texts differ by at most one letter added, missing, replaced, or swapped with its neighbour. */
function isOneEditAway(given: string, meant: string): boolean {
  let start = 0
  while (start < meant.length && given[start] === meant[start]) start += 1
  const [a, b] = [given.slice(start), meant.slice(start)]
  const isSwapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)
  return a === b || a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || isSwapped
}
