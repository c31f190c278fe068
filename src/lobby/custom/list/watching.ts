import type { Clock } from '../../../ports.ts'
import type { LobbySummary } from '../../../protocol/events/lobbies.ts'
import type { LobbyId, PlayerId } from '../../../protocol/ids.ts'
import { accept, refuse } from '../../../protocol/reply.ts'
import type { Deliver } from '../../ports.ts'
import { asFilter, type Filter, type Hides, type View } from './filter.ts'
import type { ListChanges, Listing, Page, Place } from './listing.ts'

interface WatchingParts {
  listing: Listing
  deliver: Deliver
  /** Whose lobbies a player is not to see, or null. */
  hides: (viewer: PlayerId) => Hides | null
  clock: Clock
}
/** Someone who looks at the list, and up to which version they know it. */
interface Watch {
  readonly connection: string
  readonly viewer: PlayerId
  readonly wanted: Filter
  filter: View
  key: string
  base: number
}
type Push = (connections: string[], more: { more?: true }) => void
/** What those who share a filter, and know the same version, are told: one push after the other. */
interface Batch {
  watches: Watch[]
  pushes: Push[]
}

const PAGE = 50
// What a reply may weigh: well under what may wait for a slow reader.
const MAX_AT_ONCE = 2_000
// One push each so often: fewer than four a second also where a slow line delivers them in bunches.
const PACE_MS = 400
// So few are told one by one, which is as many pushes as there are events and plainer to read.
const MAX_ALONE = 3
const MAX_PAGES = 256

/** Keeps those who watch the list up to date; costs nothing while nobody does. */
export function createWatching({ listing, deliver, hides, clock }: WatchingParts) {
  const watches = new Map<string, Watch>()
  // What many ask is worked out once, as long as nothing changes.
  const pages = new Map<string, Page>()
  let pagesVersion = 0
  let isDirty = false
  let isBusy = false
  let cancelTimer = () => {}

  /** A page for the viewer, and how many lobbies were looked at for it. */
  function list(viewer: PlayerId, { cursor, ...wanted }: Filter & { cursor?: string | undefined }) {
    const from = cursor === undefined ? null : placeFrom(cursor)
    if (cursor !== undefined && !from)
      return { reply: refuse('BAD_REQUEST', { because: 'this cursor is not one of ours' }), looks: 0 }
    const { filter, key } = asFilter(wanted, viewer, hides(viewer))
    const { page, looks } = pageOf(filter, `${key} ${cursor ?? ''}`, from)
    return { reply: replyWith(page), looks }
  }

  function pageOf(filter: View, key: string, from: Place | null): { page: Page; looks: number } {
    if (pagesVersion !== listing.version() || pages.size >= MAX_PAGES) pages.clear()
    pagesVersion = listing.version()
    const known = filter.hides ? undefined : pages.get(key)
    if (known) return { page: known, looks: 0 }
    const page = listing.page(filter, PAGE, from)
    if (!filter.hides) pages.set(key, page)
    return { page, looks: page.looks }
  }

  function watch(viewer: PlayerId, connection: string, wanted: Filter) {
    const view = asFilter(wanted, viewer, hides(viewer))
    watches.set(connection, { connection, viewer, wanted, ...view, base: listing.remember() })
    return replyWith(listing.page(view.filter, MAX_AT_ONCE))
  }

  /** The host of this lobby has blocked the viewer, or does so no longer. */
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

  function replyWith({ lobbies, next }: Page) {
    return accept({ lobbies, ...(next && { cursor: `${next.createdAt}.${next.id}` }), version: listing.version() })
  }

  function changed(): void {
    isDirty = watches.size > 0
    if (isDirty && !isBusy) later(0, flush)
  }

  function later(ms: number, task: () => void): void {
    isBusy = true
    cancelTimer = clock.at(clock.now() + ms, task)
  }

  /** Works out what each has to hear, and begins to tell it. */
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

  // One push to each, and the next after a pause: what becomes different meanwhile waits until all is told.
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
    list,
    watch,
    blockChanged,
    unwatch,
    changed,
    stop: () => cancelTimer(),
    size: () => watches.size,
  }
}

// First what is gone, so that nobody ever has more than there is.
function pushesOf({ unlisted, listed, changed }: ListChanges, version: number, deliver: Deliver): Push[] {
  const isFew = unlisted.length + listed.length + changed.length <= MAX_ALONE
  const gone = portions(unlisted, isFew).map((lobbyIds): Push => {
    return (connections, more) =>
      deliver({ connections }, 'lobby:unlisted', { lobbyId: lobbyIds[0], lobbyIds, version, ...more })
  })
  const told = (event: 'lobby:listed' | 'lobby:changed', list: LobbySummary[]) =>
    portions(list, isFew).map((lobbies): Push => {
      return (connections, more) => deliver({ connections }, event, { lobby: lobbies[0], lobbies, version, ...more })
    })
  return [...gone, ...told('lobby:listed', listed), ...told('lobby:changed', changed)]
}

/** Each alone, or all together. */
function portions<T extends LobbySummary | LobbyId>(list: T[], areAlone: boolean): [T, ...T[]][] {
  const [first, ...others] = list
  if (first === undefined) return []
  return areAlone ? list.map((one) => [one]) : [[first, ...others]]
}

function placeFrom(cursor: string): Place | null {
  const [, createdAt, id] = /^(\d{1,16})\.(.+)$/.exec(cursor) ?? []
  return createdAt && id ? { createdAt: Number(createdAt), id: id as LobbyId } : null
}
