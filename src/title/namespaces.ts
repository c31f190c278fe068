import { openAdmin } from '../gateway/admin/admin.ts'
import { sessionsByConnection } from '../gateway/auth/connection-sessions.ts'
import { createAuthenticator } from '../gateway/auth/handshake.ts'
import { createTokens } from '../gateway/auth/tokens.ts'
import { logEvents } from '../gateway/guard/event-log.ts'
import type { GatewayNamespace, PlayerSocketData, SocketData } from '../gateway/guard/sockets.ts'
import { createWorkBudgets } from '../gateway/guard/work-budgets.ts'
import { openLobbyNamespace } from '../gateway/lobby/namespace.ts'
import { openMatchNamespace } from '../gateway/match/namespace.ts'
import type { MatchSocketData } from '../gateway/match/rooms.ts'
import type { ProcessServices, TitleParts } from './parts.ts'
import { createTitleWorld } from './world.ts'

interface HandshakeParts {
  /** Handshakes wait for this. */
  opened: Promise<void>
  isDraining: () => boolean
}

/** Creates the services of a title, and opens the namespaces on them: `/lobby`, `/match`, and `/admin` with a token. */
export function openNamespaces(services: ProcessServices, parts: TitleParts, handshakes: HandshakeParts) {
  const { prefix, keys, others = () => [] } = parts
  const { io, readers, isVerbose, clock, newId, log, about } = services
  const lobbyNamespace = namespaceOf<PlayerSocketData>('lobby')
  const matchNamespace = namespaceOf<MatchSocketData>('match')
  const operators: Parameters<typeof createTitleWorld>[0]['operators'] = {
    playerChanged: (playerId) => admin?.playerChanged(playerId),
    matchChanged: (match) => admin?.matchChanged(match),
  }
  const world = createTitleWorld({ services, ...parts, lobbyNamespace, matchNamespace, operators })
  const { service, queue, matches, seats, rooms, lobbies, social, sizes } = world
  const tokens = createTokens({ ...services, ...keys })
  const openSession = sessionsByConnection(createAuthenticator({ tokens, newId, ...handshakes }))
  const pacing = { turns: services.turns, answering: services.answering, workBudgets: createWorkBudgets(clock) }
  const shared = { openSession, clock, log, pacing }

  openLobbyNamespace({
    namespace: lobbyNamespace,
    service,
    server: { version: about.version, node: about.node },
    ...shared,
  })
  openMatchNamespace({
    namespace: matchNamespace,
    service: matches.service,
    rooms,
    readers,
    active: lobbies.active,
    ...shared,
  })
  const playerNamespaces = [lobbyNamespace, matchNamespace] as const
  const admin = keys.admin === null ? null : openAdminWith(keys.admin)

  function openAdminWith(token: string) {
    const { parties } = social
    const namespace = namespaceOf<SocketData>('admin')
    const watched = { queue, lobbies, parties, matches, seats, sizes, others }
    return openAdmin({ namespace, token, about, playerNamespaces, ...watched, clock, log, pacing })
  }

  function namespaceOf<Data extends SocketData>(name: string): GatewayNamespace<Data> {
    const namespace: GatewayNamespace<Data> = io.of(`${prefix}/${name}`)
    if (isVerbose) logEvents(namespace, log)
    return namespace
  }

  return { world, namespaces: [...playerNamespaces, ...(admin ? [admin.namespace] : [])] }
}
