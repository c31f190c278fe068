import type { LobbyRooms } from '../../lobby/custom/ports.ts'
import type { Deliver, To } from '../../lobby/ports.ts'
import { lobbyRoom, playerRoom } from '../../protocol/ids.ts'
import type { Outbox } from '../guard/outbox.ts'
import type { GatewayNamespace } from '../guard/sockets.ts'

/** Sends to connections in `/lobby`. A message to many connections is encoded once. */
export function deliveryIn(namespace: GatewayNamespace, outbox: Outbox): Deliver {
  return (to, event, ...args) => {
    const rooms = roomsOf(to)
    const audience = to.except === undefined ? namespace : namespace.except(to.except)
    if (rooms.length > 0) outbox.send(() => void audience.to(rooms).emit(event, ...args))
  }
}

// Socket.IO keeps each socket in a room named by its id.
const roomsOf = ({ players = [], lobby, connections = [] }: To): string[] => [
  ...players.map(playerRoom),
  ...(lobby === undefined ? [] : [lobbyRoom(lobby)]),
  ...connections,
]

/** Socket.IO's room `lobby:<id>` holds all connections of a lobby's members. */
export function lobbyRoomsIn(namespace: GatewayNamespace): LobbyRooms {
  return {
    enter: (lobbyId, playerId) => namespace.in(playerRoom(playerId)).socketsJoin(lobbyRoom(lobbyId)),
    exit: (lobbyId, playerId) => namespace.in(playerRoom(playerId)).socketsLeave(lobbyRoom(lobbyId)),
  }
}
