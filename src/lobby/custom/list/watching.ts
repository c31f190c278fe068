import type { Clock } from '../../../ports.ts'
import type { LobbyId, PlayerId } from '../../../protocol/ids.ts'
import type { Deliver } from '../../ports.ts'
import { asFilter, type Filter, type View } from './filter.ts'
import { type PagesParts, replyWith } from './pages.ts'
import { type Push, pushesOf } from './pushes.ts'

interface WatchingParts extends PagesParts {
  deliver: Deliver
  clock: Clock
}
export type Watching = ReturnType<typeof createWatching>
/** A connection that watches the list, and the version that it knows. */
interface Watch {
  readonly connection: string
  readonly viewer: PlayerId
  readonly wanted: Filter
  filter: View
  key: string
  base: number
}
/** Watches with the same filter and version, and the pushes for them, sent one after the other. */
interface Batch {
  watches: Watch[]
  pushes: Push[]
}

// What a reply may weigh: well under what may wait for a slow reader.
const MAX_AT_ONCE = 2_000
// One push each so often: fewer than four a second also where a slow line delivers them in bunches.
const PACE_MS = 400

/** Keeps watchers of the list up to date. Without watchers it does no work. */
export function createWatching({ listing, deliver, hides, clock }: WatchingParts) {
  const watches = new Map<string, Watch>()
  let isDirty = false
  let isBusy = false
  let cancelTimer = () => {}

  function watch(viewer: PlayerId, connection: string, wanted: Filter) {
    const view = asFilter(wanted, viewer, hides(viewer))
    watches.set(connection, { connection, viewer, wanted, ...view, base: listing.remember() })
    return replyWith(listing.page(view.filter, MAX_AT_ONCE), listing.version())
  }

  /** The host of this lobby has blocked or unblocked the viewer. */
  function blockChanged(viewer: PlayerId, lobbyId: LobbyId): void {
    const version = listing.version()
    for (const one of watches.values()) {
      if (one.viewer !== viewer) continue
      Object.assign(one, asFilter(one.wanted, viewer, hides(viewer)))
      const lobby = listing.seen(lobbyId, one.filter)
      if (lobby) deliver({ connections: [one.connection] }, 'lobby:listed', { lobby, lobbies: [lobby], version })
      else if (listing.seen(lobbyId, { ...one.filter, hides: null }))
        deliver({ connections: [one.connection] }, 'lobby:unlisted', { lobbyId, lobbyIds: [lobbyId], version })
    }
  }

  function unwatch(connection: string): void {
    watches.delete(connection)
    if (watches.size === 0) listing.forget(false)
  }

  function changed(): void {
    isDirty = watches.size > 0
    if (isDirty && !isBusy) later(0, flush)
  }

  function later(ms: number, task: () => void): void {
    isBusy = true
    cancelTimer = clock.at(clock.now() + ms, task)
  }

  /** Computes the pushes for each group of watchers, and starts sending them. */
  function flush(): void {
    isDirty = false
    const batches = [...groups().values()].map((group) => batchFor(group))
    for (const one of watches.values()) one.base = listing.version()
    listing.forget(watches.size > 0)
    tellNext(batches)
  }

  function groups(): Map<string, Watch[]> {
    const groups = new Map<string, Watch[]>()
    for (const one of watches.values()) {
      const key = `${one.base} ${one.key}`
      const group = groups.get(key) ?? []
      groups.set(key, group)
      group.push(one)
    }
    return groups
  }

  function batchFor(group: Watch[]): Batch {
    const [{ base, filter }] = group as [Watch]
    return { watches: group, pushes: pushesOf(listing.since(base, filter), listing.version(), deliver) }
  }

  // Sends one push to each group, and the next after a pause. New changes wait until all pushes are sent.
  function tellNext(batches: readonly Batch[]): void {
    const left = batches.filter(({ pushes }) => pushes.length > 0)
    if (left.length === 0) return rest()
    for (const { watches: group, pushes } of left) {
      const connections = group.filter((one) => watches.get(one.connection) === one).map((one) => one.connection)
      const push = pushes.shift()
      if (connections.length > 0) push?.(connections, pushes.length > 0 ? { more: true } : {})
    }
    later(PACE_MS, () => tellNext(left))
  }

  function rest(): void {
    isBusy = false
    if (isDirty) flush()
  }

  return {
    watch,
    blockChanged,
    unwatch,
    changed,
    stop: () => cancelTimer(),
    size: () => watches.size,
  }
}
