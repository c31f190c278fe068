import type { Place } from '../../match/match-store.ts'

/** The leaderboard of one mode, as a sorted array: a page takes O(log n). */
export function createStandings() {
  const places: Place[] = []

  /** How many places are ahead of this one. */
  function ahead(place: Place): number {
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (inOrder(places[middle] as Place, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  function isAt(n: number, place: Place): boolean {
    const found = places[n]
    return found !== undefined && inOrder(found, place) === 0
  }

  function add(place: Place): void {
    places.splice(ahead(place), 0, place)
  }

  /** Removes a place, if the player still has these points. */
  function drop(place: Place): void {
    const n = ahead(place)
    if (isAt(n, place)) places.splice(n, 1)
  }

  /** The places after `after`, which need not exist, or from the top. */
  function page(after: Place | undefined, limit: number): Place[] {
    const n = after ? ahead(after) : 0
    const from = after && isAt(n, after) ? n + 1 : n
    return places.slice(from, from + limit)
  }

  return { add, drop, page }
}

function inOrder(a: Place, b: Place): number {
  if (a.points !== b.points) return b.points - a.points
  if (a.playerId === b.playerId) return 0
  return a.playerId < b.playerId ? -1 : 1
}
