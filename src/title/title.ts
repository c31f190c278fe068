import { openAdmin } from '../gateway/admin/admin.ts'
import { sessionsByConnection } from '../gateway/auth/connection-sessions.ts'
import { createAuthenticator, HandshakeError } from '../gateway/auth/handshake.ts'
import { createTokens } from '../gateway/auth/tokens.ts'
import { isEmpty } from '../gateway/connection/on-demand.ts'
import { logEvents } from '../gateway/guard/event-log.ts'
import type { GatewayNamespace, PlayerSocketData, SocketData } from '../gateway/guard/sockets.ts'
import { createWorkBudgets } from '../gateway/guard/work-budgets.ts'
import { openLobbyNamespace } from '../gateway/lobby/namespace.ts'
import { openMatchNamespace } from '../gateway/match/namespace.ts'
import type { MatchSocketData } from '../gateway/match/rooms.ts'
import { startHeartbeat } from '../match/heartbeat.ts'
import type { Cancel, Random } from '../ports.ts'
import type { ProcessServices, TitleParts } from './parts.ts'
import { createTitleWorld } from './world.ts'

// How long players wait before they reconnect to a restarting server: spread, so that they do not come all at once.
const RECONNECT_MS = { least: 1_000, most: 5_000 }

export type Title = ReturnType<typeof openTitle>

/**
 * Opens one title, with its own modes, stores, namespaces, players, queue and matches. Handshakes wait until `start` has
 * restored what is stored.
 */
export function openTitle(services: ProcessServices, parts: TitleParts) {
  const { prefix, keys, modes, others = () => [] } = parts
  const { io, readers, isVerbose, clock, newId, log, random } = services
  const lobbyNamespace = namespaceOf<PlayerSocketData>('lobby')
  const matchNamespace = namespaceOf<MatchSocketData>('match')
  const opened = Promise.withResolvers<void>()
  // Avoids an unhandled rejection if the start fails.
  opened.promise.catch(() => {})
  let isDraining = false
  let isOpen = false
  let stopHeartbeat: Cancel = () => {}

  const operators: Parameters<typeof createTitleWorld>[0]['operators'] = {
    playerChanged: (playerId) => admin?.playerChanged(playerId),
    matchChanged: (match) => admin?.matchChanged(match),
  }
  const world = createTitleWorld({ services, ...parts, lobbyNamespace, matchNamespace, operators })
  const { store, queue, matches, seats, rooms, presence, lobbies, social, sizes } = world
  const tokens = createTokens({ ...services, ...keys })
  const openSession = sessionsByConnection(
    createAuthenticator({ tokens, newId, isDraining: () => isDraining, opened: opened.promise }),
  )

  const pacing = { turns: services.turns, answering: services.answering, workBudgets: createWorkBudgets(clock) }
  const { version, node } = services.about
  openLobbyNamespace({
    namespace: lobbyNamespace,
    service: world.service,
    openSession,
    server: { version, node },
    clock,
    log,
    pacing,
  })
  openMatchNamespace({
    ...{ namespace: matchNamespace, openSession, matches, rooms, readers, modes, clock, log, pacing },
    active: lobbies.active,
  })

  function namespaceOf<Data extends SocketData>(name: string): GatewayNamespace<Data> {
    const namespace: GatewayNamespace<Data> = io.of(`${prefix}/${name}`)
    if (isVerbose) logEvents(namespace, log)
    return namespace
  }

  const playerNamespaces = [lobbyNamespace, matchNamespace] as const
  const { parties } = social
  const adminParts = {
    about: services.about,
    playerNamespaces,
    queue,
    lobbies,
    parties,
    matches,
    seats,
    sizes,
    others,
    clock,
    log,
    pacing,
  }
  const admin =
    keys.admin === null
      ? null
      : openAdmin({ namespace: namespaceOf<SocketData>('admin'), token: keys.admin, ...adminParts })
  const namespaces = [...playerNamespaces, ...(admin ? [admin.namespace] : [])]

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
