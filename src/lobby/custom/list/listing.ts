import type { EpochMs } from '../../../ports.ts'
import type { LobbySummary } from '../../../protocol/events/lobbies.ts'
import type { LobbyId } from '../../../protocol/ids.ts'
import { admits, type Listed, listed, type View } from './filter.ts'

/** What changed in the list as one filter shows it. */
export interface ListChanges {
  unlisted: LobbyId[]
  listed: LobbySummary[]
  changed: LobbySummary[]
}
export interface Page {
  lobbies: LobbySummary[]
  /** Where the next page begins, when there is one. */
  next: Place | null
  /** How many lobbies were looked at. */
  looks: number
}
/** A place in the order of the list: the newest first, then by id. */
export interface Place {
  createdAt: EpochMs
  id: LobbyId
}
interface Before {
  version: number
  /** The entry before that version; null when it was not in the list. */
  was: Listed | null
}
export type Listing = ReturnType<typeof createListing>

/**
 * The public lobbies, in order, and their changes. Each change is a version of the whole list. Former versions are kept
 * from `remember` to `forget`, and only as far as they may be asked for.
 */
export function createListing() {
  // Oldest first, so that a new lobby goes to the end: all lobbies under null, and those of each mode.
  const orders = new Map<string | null, Listed[]>([[null, []]])
  const byId = new Map<LobbyId, Listed>()
  const past = new Map<LobbyId, Before[]>()
  let version = 0
  /** The newest version that a watcher knows; null while nobody watches. */
  let known: number | null = null

  /** Sets or removes the entry of a lobby. False when nothing changed. */
  function set(id: LobbyId, summary: LobbySummary | null): boolean {
    const was = byId.get(id) ?? null
    const is = summary && listed(summary)
    if (was?.text === is?.text) return false
    version += 1
    keepPast(id, was)
    if (was) forEachOrder(was, (order) => order.splice(indexIn(order, was.summary), 1))
    if (is) forEachOrder(is, (order) => order.splice(indexIn(order, is.summary), 0, is))
    if (is) byId.set(id, is)
    else byId.delete(id)
    return true
  }

  function forEachOrder({ summary: { mode } }: Listed, change: (order: Listed[]) => void): void {
    for (const key of [null, mode]) {
      const order = orders.get(key) ?? []
      orders.set(key, order)
      change(order)
      if (key !== null && order.length === 0) orders.delete(key)
    }
  }

  // Only the entries at versions that a watcher knows can be asked for.
  function keepPast(id: LobbyId, was: Listed | null): void {
    if (known === null) return
    const kept = past.get(id) ?? []
    if ((kept.at(-1)?.version ?? 0) <= known) kept.push({ version, was })
    past.set(id, kept)
  }

  /** The index of a lobby of this age, or where it would be inserted. */
  function indexIn(order: readonly Listed[], place: Place): number {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      const { summary } = order[middle] as Listed
      if (isOlder(summary, place)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The lobbies that the filter admits, newest first; after `from`, if given. */
  function page(filter: View, limit: number, from: Place | null = null): Page {
    const order = orders.get(filter.mode ?? null) ?? []
    const start = from ? indexIn(order, from) : order.length
    const lobbies: LobbySummary[] = []
    for (let n = start - 1; n >= 0; n--) {
      const one = order[n] as Listed
      if (!admits(filter, one)) continue
      const last = lobbies.at(-1)
      if (lobbies.length === limit && last) {
        return { lobbies, next: { createdAt: last.createdAt, id: last.id }, looks: start - n }
      }
      lobbies.push(one.summary)
    }
    return { lobbies, next: null, looks: start }
  }

  /** The changes since a version that is still remembered, as the filter shows them. */
  function since(base: number, filter: View): ListChanges {
    const changes: ListChanges = { unlisted: [], listed: [], changed: [] }
    for (const [id, kept] of past) {
      const before = kept.find((one) => one.version > base)
      if (!before) continue
      const was = before.was && admits(filter, before.was) ? before.was : null
      const one = byId.get(id)
      const is = one && admits(filter, one) ? one : null
      if (was && !is) changes.unlisted.push(id)
      else if (is && !was) changes.listed.push(is.summary)
      else if (is && was && is.text !== was.text) changes.changed.push(is.summary)
    }
    return changes
  }

  return {
    set,
    page,
    since,
    version: () => version,
    /** Keeps changes from now on. Returns the present version. */
    remember(): number {
      known = version
      return version
    },
    /** Drops former versions. `isWatched`: watchers know the present version. */
    forget(isWatched: boolean): void {
      past.clear()
      known = isWatched ? version : null
    },
    /** The lobby as the filter shows it, or null. */
    seen(id: LobbyId, filter: View): LobbySummary | null {
      const one = byId.get(id)
      return one && admits(filter, one) ? one.summary : null
    },
    size: () => byId.size,
  }
}

const isOlder = (one: Place, than: Place): boolean =>
  one.createdAt < than.createdAt || (one.createdAt === than.createdAt && one.id < than.id)
