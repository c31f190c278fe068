import type { ConnectedPlayers } from '../../admin/operator-service.ts'
import { matchRoom, playerRoom } from '../../protocol/ids.ts'
import type { GatewayNamespace } from '../guard/sockets.ts'
import type { MatchNamespace } from '../match/rooms.ts'

/** The players in these namespaces, for operators. */
export function connectedPlayersIn(namespaces: readonly [GatewayNamespace, MatchNamespace]): ConnectedPlayers {
  const sockets = () => namespaces.flatMap((namespace) => [...namespace.sockets.values()])
  const socketsOf: (playerId: Parameters<typeof playerRoom>[0]) => ReturnType<typeof sockets> = (playerId) =>
    namespaces.flatMap((namespace) => inRoom(namespace, playerRoom(playerId)))

  return {
    all: () => new Map(sockets().map(({ data: { session } }) => [session.player.id, session.player.name])),
    nameOf: (playerId) => socketsOf(playerId)[0]?.data.session.player.name ?? null,
    countOf: (playerId) => socketsOf(playerId).length,
    connections: () => new Set(sockets().map(({ conn }) => conn)).size,
    disconnect(playerId, why) {
      const gone = socketsOf(playerId)
      for (const socket of gone) {
        socket.emit('session:ended', why)
        socket.disconnect()
      }
      return gone.length
    },
    notify({ matchId, playerId }, notice) {
      const rooms = [...(matchId ? [matchRoom(matchId)] : []), ...(playerId ? [playerRoom(playerId)] : [])]
      // Without rooms Socket.IO sends to everyone; a socket in two of the rooms hears the notice once.
      for (const namespace of namespaces) namespace.to(rooms).emit('server:notice', notice)
    },
  }
}

const inRoom = <Namespace extends GatewayNamespace | MatchNamespace>({ adapter, sockets }: Namespace, room: string) =>
  [...(adapter.rooms.get(room) ?? [])].flatMap((id) => sockets.get(id) ?? [])
