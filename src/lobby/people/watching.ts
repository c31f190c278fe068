import type { Clock, ConnectionId } from '../../ports.ts'
import { MAX_WATCHED, type PresenceStatus } from '../../protocol/events/presence.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { createExpiringMap } from '../../util/expiring-map.ts'
import type { Deliver } from '../ports.ts'

// At most four updates a second.
const QUIET_MS = 250

export interface Presence {
  playerId: PlayerId
  status: PresenceStatus
}
/** A connection that watches players, and the status of each that it was last told. */
interface Watcher {
  viewer: PlayerId
  connection: ConnectionId
  told: Map<PlayerId, PresenceStatus>
}
interface WatchingParts {
  statusOf: (playerId: PlayerId) => PresenceStatus
  /** Whether the player has blocked the viewer, to whom they then seem offline. */
  isHidden: (playerId: PlayerId, viewer: PlayerId) => boolean
  deliver: Deliver
  clock: Clock
}

/** Tells watchers the status of players. A player who is not watched costs nothing. */
export function createWatching({ statusOf, isHidden, deliver, clock }: WatchingParts) {
  const watchers = new Map<string, Watcher>()
  const watchersOf = new Map<PlayerId, Set<Watcher>>()
  // Players whose status was just told. Changes until the entry expires are told then.
  const quiet = createExpiringMap<PlayerId, true>(clock, changed)

  /** Adds players to those that a connection watches; an empty list ends all watching. */
  function watch(
    connection: ConnectionId,
    viewer: PlayerId,
    playerIds: readonly PlayerId[],
  ): Accepted<{ presence: Presence[] }> | Refusal {
    if (playerIds.length === 0) gone(connection)
    const watcher = watchers.get(connection) ?? { viewer, connection, told: new Map() }
    const wanted = new Set(playerIds)
    const fresh = [...wanted].filter((playerId) => !watcher.told.has(playerId))
    if (watcher.told.size + fresh.length > MAX_WATCHED)
      return refuse('FORBIDDEN', { because: `watch ${MAX_WATCHED} players at most; an empty list ends it` })
    if (wanted.size > 0) watchers.set(connection, watcher)
    return accept({ presence: [...wanted].map((playerId) => look(watcher, playerId)) })
  }

  const seenBy = ({ viewer }: Watcher, playerId: PlayerId, status: PresenceStatus): PresenceStatus =>
    isHidden(playerId, viewer) ? 'offline' : status

  function look(watcher: Watcher, playerId: PlayerId): Presence {
    const others = watchersOf.get(playerId) ?? new Set()
    const status = seenBy(watcher, playerId, statusOf(playerId))
    watchersOf.set(playerId, others.add(watcher))
    watcher.told.set(playerId, status)
    return { playerId, status }
  }

  /** The connection is gone, and watches nothing any more. */
  function gone(connection: string): void {
    const watcher = watchers.get(connection)
    watchers.delete(connection)
    for (const playerId of watcher?.told.keys() ?? []) {
      const others = watchersOf.get(playerId)
      if (watcher) others?.delete(watcher)
      if (others?.size === 0) unwatched(playerId)
    }
  }

  function unwatched(playerId: PlayerId): void {
    watchersOf.delete(playerId)
    quiet.delete(playerId)
  }

  /** Call after the status of a player may have changed. */
  function changed(playerId: PlayerId): void {
    const others = watchersOf.get(playerId)
    if (!others || quiet.has(playerId)) return
    const status = statusOf(playerId)
    const unaware = [...others].filter((one) => one.told.get(playerId) !== seenBy(one, playerId, status))
    for (const one of unaware) {
      const seen = seenBy(one, playerId, status)
      one.told.set(playerId, seen)
      deliver({ connections: [one.connection] }, 'player:presence', { playerId, status: seen })
    }
    if (unaware.length > 0) quiet.set(playerId, true, clock.now() + QUIET_MS)
  }

  /** The process stops: players who disconnect from now on are not reported. */
  function stop(): void {
    quiet.stop()
    watchers.clear()
    watchersOf.clear()
  }

  return { watch, gone, changed, stop, size: () => watchers.size + watchersOf.size }
}
