import { HandshakeError } from '../gateway/auth/handshake.ts'
import { isEmpty } from '../gateway/connection/on-demand.ts'
import { startHeartbeat } from '../match/heartbeat.ts'
import type { Cancel, Random } from '../ports.ts'
import { openNamespaces } from './namespaces.ts'
import type { ProcessServices, TitleParts } from './parts.ts'

// How long players wait before they reconnect to a restarting server: spread, so that they do not come all at once.
const RECONNECT_MS = { least: 1_000, most: 5_000 }

export type Title = ReturnType<typeof openTitle>

/**
 * Opens one title, with its own modes, stores, namespaces, players, queue and matches. Handshakes wait until `start` has
 * restored what is stored.
 */
export function openTitle(services: ProcessServices, parts: TitleParts) {
  const { clock, log, random } = services
  const opened = Promise.withResolvers<void>()
  // Avoids an unhandled rejection if the start fails.
  opened.promise.catch(() => {})
  let isDraining = false
  let isOpen = false
  let stopHeartbeat: Cancel = () => {}

  const { world, namespaces } = openNamespaces(services, parts, {
    opened: opened.promise,
    isDraining: () => isDraining,
  })
  const { store, queue, matches, rooms, presence, lobbies, social, sizes } = world

  /** Restores what is stored, then admits players. Their handshakes wait, so no grace runs out before they may enter. */
  async function start(): Promise<void> {
    try {
      await world.restore()
    } catch (fault) {
      opened.reject(new HandshakeError('UNAVAILABLE'))
      // Stops the timers of what was restored before the fault.
      await world.stop()
      throw fault
    }
    stopHeartbeat = startHeartbeat(store, clock, log, services.uptime).stop
    opened.resolve()
    isOpen = true
  }

  /** Admits nobody any more, tells every client to reconnect later, and ends what is not stored. */
  async function drain(): Promise<void> {
    isDraining = true
    log.info({ matches: matches.size(), tickets: queue.size() }, 'draining')
    for (const socket of namespaces.flatMap((namespace) => [...namespace.sockets.values()])) {
      socket.emit('server:draining', { retryAfterMs: spread(random) })
    }
    await world.stop()
    stopHeartbeat()
    await store.beat(clock.now(), services.uptime?.()).catch(() => {})
  }

  return {
    start,
    drain,
    /** Call last, after every client is disconnected. */
    async close(): Promise<void> {
      stopHeartbeat()
      social.stop()
      await lobbies.stop()
      await store.close()
    },
    isReady: () => isOpen && !isDraining && world.isHealthy(),
    sizes,
    /** Whether nobody is connected and nothing goes on. */
    isUnused: () => Object.values(sizes()).every((size) => size === 0) && namespaces.every(isEmpty),
    namespaces,
    store,
    queue,
    matches,
    rooms,
    presence,
    lobbies,
    social,
  }
}

const spread = (random: Random): number =>
  Math.round(RECONNECT_MS.least + random() * (RECONNECT_MS.most - RECONNECT_MS.least))
