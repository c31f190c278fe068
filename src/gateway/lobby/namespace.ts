import type { WhoIs } from '../../lobby/ports.ts'
import type { LobbyCommand, LobbyService } from '../../lobby/service.ts'
import { lobby } from '../../protocol/events/lobby.ts'
import { lobbyRoom, type PlayerId, playerRoom } from '../../protocol/ids.ts'
import { behindWall } from '../../util/walls.ts'
import type { OpenSession } from '../auth/connection-sessions.ts'
import { addressOf } from '../connection/address.ts'
import { admitPlayers } from '../guard/admission.ts'
import { forwardAll } from '../guard/forward.ts'
import { type GuardParts, guard, type Who } from '../guard/guard.ts'
import type { GatewayNamespace, GatewaySocket } from '../guard/sockets.ts'

/** Reads a player's id and name from the session of any of their connections to this process. */
export function whoIsIn(namespace: GatewayNamespace): WhoIs {
  return (playerId) => {
    const [socketId = ''] = namespace.adapter.rooms.get(playerRoom(playerId)) ?? []
    return namespace.sockets.get(socketId)?.data.session.player ?? null
  }
}

/** The address of a guest's connection; null for a player the backend vouches for, or who is not connected. */
export function originIn(namespace: GatewayNamespace): (playerId: PlayerId) => string | null {
  return (playerId) => {
    const [socketId = ''] = namespace.adapter.rooms.get(playerRoom(playerId)) ?? []
    const socket = namespace.sockets.get(socketId)
    return socket?.data.session.isGuest ? addressOf(socket) : null
  }
}

interface LobbyNamespaceParts extends GuardParts {
  namespace: GatewayNamespace
  openSession: OpenSession
  service: LobbyService
  server: { version: string; node: string }
}

/** Opens `/lobby`: admits connections, and turns their requests into commands of the service. */
export function openLobbyNamespace(parts: LobbyNamespaceParts): void {
  const { namespace, openSession, service, server, clock, log, pacing } = parts
  const asked = ({ data }: GatewaySocket) => service.active(data.session.player.id)
  const handle = ({ socket }: Who, event: LobbyCommand['event'], payload: unknown) => {
    const { player } = socket.data.session
    return service.handle({ player, connection: socket.id, address: addressOf(socket), event, payload })
  }
  const attachGuard = guard({ clock, log, pacing, asked }, lobby, forwardAll(lobby, handle))

  function greet(socket: GatewaySocket): void {
    const { player, token, expiresAt } = socket.data.session
    const { id: playerId, name } = player
    socket.emit('session', { playerId, name, token, expiresAt, now: clock.now(), server, ...service.resumed(player) })
    attachGuard(socket)
  }

  /** A player has one name on all connections: the one chosen last. */
  function settleName({ data: { session } }: GatewaySocket): void {
    const { player, isNameGiven } = session
    const others = [...(namespace.adapter.rooms.get(playerRoom(player.id)) ?? [])].flatMap(
      (id) => namespace.sockets.get(id) ?? [],
    )
    const known = others[0]?.data.session.player.name
    const name = isNameGiven || known === undefined ? player.name : known
    for (const { data } of others) data.session.player = { ...data.session.player, name }
    session.player = { ...player, name }
  }

  admitPlayers(namespace, { openSession, clock, log, dataFor: (data) => data })
  const enter = (socket: GatewaySocket) => {
    settleName(socket)
    const { player, isGuest } = socket.data.session
    void socket.join(playerRoom(player.id))
    const lobbyId = service.roomOf(player.id)
    if (lobbyId !== undefined) void socket.join(lobbyRoom(lobbyId))
    const leave = () => service.disconnected(player.id, socket.id)
    socket.on('disconnect', behindWall(log, leave))
    service.connected(player, isGuest, () => greet(socket))
  }
  namespace.on('connection', behindWall(log, enter))
}
