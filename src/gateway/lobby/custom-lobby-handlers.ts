import type { Lobbies } from '../../lobby/custom/lobbies.ts'
import type { HandlersOf } from '../../protocol/declare.ts'
import type { customLobbies } from '../../protocol/events/lobbies.ts'
import { lobbyRoom } from '../../protocol/ids.ts'
import { accept } from '../../protocol/reply.ts'
import { addressOf } from '../connection/address.ts'
import type { Who } from '../guard/guard.ts'
import type { GatewaySocket } from '../guard/sockets.ts'

type Requests = (typeof customLobbies)['requests']
type Handlers = HandlersOf<{ name: string; requests: Requests; pushes: Record<string, never> }, Who>

/** Translates between sockets and the custom lobbies. */
export function lobbyHandlers(lobbies: Lobbies): Handlers {
  return {
    'lobby:create': (who, asked) => lobbies.create(playerOf(who), asked),
    'lobby:join': (who, asked) => lobbies.join({ ...playerOf(who), address: addressOf(who.socket) }, asked),
    'lobby:quick': (who, asked) => lobbies.quick(playerOf(who), asked),
    'lobby:leave': (who) => lobbies.leave(playerOf(who).id),
    'lobby:ready': (who, asked) => lobbies.ready(playerOf(who).id, asked),
    'lobby:team': (who, asked) => lobbies.team(playerOf(who).id, asked),
    'lobby:start': (who) => lobbies.start(playerOf(who).id),
    'lobby:update': (who, asked) => lobbies.update(playerOf(who).id, asked),
    'lobby:kick': (who, asked) => lobbies.kick(playerOf(who).id, asked),
    'lobby:promote': (who, asked) => lobbies.promote(playerOf(who).id, asked),
    'lobby:list': (who, asked) => lobbies.list(playerOf(who).id, asked),
    'lobby:watch': (who, asked) => lobbies.watch(playerOf(who).id, who.socket.id, asked),
    'lobby:unwatch': ({ socket }) => {
      lobbies.unwatch(socket.id)
      return accept({})
    },
  }
}

/** Puts a connection that has just come into the room of its player's lobby. */
export function seatInLobby(lobbies: Lobbies, socket: GatewaySocket): void {
  const lobby = lobbies.lobbyOf(socket.data.session.player.id)
  if (lobby) void socket.join(lobbyRoom(lobby.id))
}

const playerOf = ({ socket }: Who) => socket.data.session.player
