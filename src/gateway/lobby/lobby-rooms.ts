import type { LobbyRooms } from '../../lobby/custom/ports.ts'
import { lobbyRoom, playerRoom } from '../../protocol/ids.ts'
import type { GatewayNamespace } from '../guard/sockets.ts'

/** Socket.IO's room `lobby:<id>` of each lobby, for all connections of its members. */
export function lobbyRoomsIn(namespace: GatewayNamespace): LobbyRooms {
  return {
    enter: (lobbyId, playerId) => namespace.in(playerRoom(playerId)).socketsJoin(lobbyRoom(lobbyId)),
    exit: (lobbyId, playerId) => namespace.in(playerRoom(playerId)).socketsLeave(lobbyRoom(lobbyId)),
    tell: (lobbyId, event, ...args) => void namespace.to(lobbyRoom(lobbyId)).emit(event, ...args),
    // Each socket is in a room of its own; to many of them at once, a message is encoded once.
    tellWatchers: (connections, event, ...args) => void namespace.to(connections).emit(event, ...args),
  }
}
