import type { Speaker } from '../../lobby/chat/chat.ts'
import type { Social } from '../../lobby/social.ts'
import type { HandlersOf } from '../../protocol/declare.ts'
import type { chat } from '../../protocol/events/chat.ts'
import type { parties } from '../../protocol/events/parties.ts'
import type { presence } from '../../protocol/events/presence.ts'
import { playerRoom } from '../../protocol/ids.ts'
import { addressOf } from '../connection/address.ts'
import type { Who } from '../guard/guard.ts'

type Requests = typeof parties.requests & typeof presence.requests & typeof chat.requests
type Handlers = HandlersOf<{ name: string; requests: Requests; pushes: Record<string, never> }, Who>

/** Translates between sockets and what players are to each other. */
export function peopleHandlers({ parties, invitations, persons, watching, chat }: Social): Handlers {
  return {
    'party:create': (who) => parties.create(playerOf(who)),
    'party:invite': (who, { playerId }) => invitations.invite(playerOf(who), playerId),
    'party:join': (who, { code }) => parties.join(playerOf(who), code, addressOf(who.socket)),
    'party:leave': (who) => parties.leave(playerOf(who).id),
    'party:kick': (who, { playerId }) => parties.kick(playerOf(who).id, playerId),
    'party:promote': (who, { playerId }) => parties.promote(playerOf(who).id, playerId),
    'player:watch': (who, { playerIds }) =>
      watching.watch(
        who.socket.id,
        playerOf(who).id,
        playerIds,
        (presence) => void who.socket.emit('player:presence', presence),
      ),
    'player:block': (who, { playerId, blocked }) => persons.block(playerOf(who).id, playerId, blocked),
    'chat:send': (who, saying) => chat.send(speakerAt(who), saying),
    'chat:history': (who, reading) => chat.history(playerOf(who), reading),
  }
}

const playerOf = ({ socket }: Who) => socket.data.session.player

const speakerAt = ({ socket }: Who): Speaker => ({
  player: socket.data.session.player,
  tellOthers: (players, message) => void socket.to(players.map(playerRoom)).emit('chat:message', message),
})
