import type { ConnectionId } from '../ports.ts'
import type { HandlersOf, ReplyOf, TellsOf } from '../protocol/declare.ts'
import type { lobby } from '../protocol/events/lobby.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { accept } from '../protocol/reply.ts'
import { visitEach } from '../util/walls.ts'
import type { Lobbies } from './custom/lobbies.ts'
import type { MissedEndings } from './people/missed-endings.ts'
import type { Presence } from './people/presence.ts'
import type { createProfiles } from './people/profiles.ts'
import type { Player } from './ports.ts'
import type { Queue } from './queue/queue.ts'
import type { SeatIndex } from './seats/seat-index.ts'
import type { Social } from './social.ts'

type Requests = (typeof lobby)['requests']
type SessionNews = Parameters<TellsOf<typeof lobby>['session']>[0]

/** The player who asks, and the connection. */
interface Caller {
  player: Player
  connection: ConnectionId
  /** The address of the connection, by which guesses are counted. */
  address: string
}
/** A request of `/lobby`, checked, as plain JSON. */
export interface LobbyCommand<E extends keyof Requests = keyof Requests> extends Caller {
  event: E
  payload: unknown
}

interface LobbyServiceParts {
  presence: Presence
  queue: Queue
  seats: Pick<SeatIndex, 'liveSeatOf' | 'proposalOf'>
  profiles: ReturnType<typeof createProfiles>
  lobbies: Lobbies
  social: Social
  missedEndings: MissedEndings
}
export type LobbyService = ReturnType<typeof createLobbyService>

/** All requests of `/lobby`, JSON in and JSON out, and the players who connect and disconnect there. */
export function createLobbyService(parts: LobbyServiceParts) {
  const { presence, queue, seats, profiles, lobbies, social, missedEndings } = parts
  const { parties, invitations, persons, watching, chat } = social

  const commands: HandlersOf<typeof lobby, Caller> = {
    'queue:join': ({ player }, payload) => queue.join(player, payload),
    'queue:leave': ({ player }) => queue.leave(player.id),
    'queue:explain': ({ player }) => queue.explain(player.id),
    'match:accept': ({ player }, { matchId }) => queue.answer(player.id, matchId, 'accepted'),
    'match:decline': ({ player }, { matchId }) => queue.answer(player.id, matchId, 'declined'),
    'leaderboard:get': (_caller, payload) => profiles.leaderboard(payload),
    'player:get': ({ player }, payload) => profiles.player(player.id, payload),

    'lobby:create': ({ player }, payload) => lobbies.create(player, payload),
    'lobby:join': ({ player, address }, payload) => lobbies.join({ ...player, address }, payload),
    'lobby:quick': ({ player }, payload) => lobbies.quick(player, payload),
    'lobby:leave': ({ player }) => lobbies.leave(player.id),
    'lobby:ready': ({ player }, payload) => lobbies.ready(player.id, payload),
    'lobby:team': ({ player }, payload) => lobbies.team(player.id, payload),
    'lobby:start': ({ player }) => lobbies.start(player.id),
    'lobby:update': ({ player }, payload) => lobbies.update(player.id, payload),
    'lobby:kick': ({ player }, payload) => lobbies.kick(player.id, payload),
    'lobby:promote': ({ player }, payload) => lobbies.promote(player.id, payload),
    'lobby:list': ({ player }, payload) => lobbies.list(player.id, payload),
    'lobby:watch': ({ player, connection }, payload) => lobbies.watch(player.id, connection, payload),
    'lobby:unwatch': ({ connection }) => {
      lobbies.unwatch(connection)
      return accept({})
    },

    'party:create': ({ player }) => parties.create(player),
    'party:invite': ({ player }, { playerId }) => invitations.invite(player, playerId),
    'party:join': ({ player, address }, { code }) => parties.join(player, code, address),
    'party:leave': ({ player }) => parties.leave(player.id),
    'party:kick': ({ player }, { playerId }) => parties.kick(player.id, playerId),
    'party:promote': ({ player }, { playerId }) => parties.promote(player.id, playerId),
    'player:watch': ({ player, connection }, { playerIds }) => watching.watch(connection, player.id, playerIds),
    'player:block': ({ player }, { playerId, blocked }) => persons.block(player.id, playerId, blocked),
    'chat:send': ({ player, connection }, saying) => chat.send({ player, connection }, saying),
    'chat:history': ({ player }, reading) => chat.history(player, reading),
  }

  /** Carries out a request, whose payload has the shape that the event is declared with. */
  function handle<E extends keyof Requests>(
    command: LobbyCommand<E>,
  ): Promise<ReplyOf<Requests[E]>> | ReplyOf<Requests[E]> {
    const { event, payload, ...caller } = command
    return commands[event](caller, payload as never) as ReplyOf<Requests[E]>
  }

  /** What the `session` of a new connection says is still the player's. */
  function resumed({ id }: Player): Pick<SessionNews, 'penalty' | 'resumed'> {
    const ticket = queue.ticketOf(id)
    const match = seats.liveSeatOf(id)
    const proposal = seats.proposalOf(id)
    const own = lobbies.lobbyOf(id)
    const penalty = queue.penaltyOf(id)
    return {
      ...(penalty && { penalty }),
      resumed: {
        ...(ticket && { ticket }),
        ...(proposal && { proposal }),
        ...(match && { match }),
        ...social.resumed(id),
        ...(own && { lobby: own }),
        ...missedEndings.resumed(id),
      },
    }
  }

  /** A connection has come. `greet` sends it the `session` before anything else happens. */
  function connected(player: Player, isGuest: boolean, greet: () => void): void {
    const isFirst = presence.arrived(player.id)
    greet()
    const first = [() => queue.arrived(player.id), () => lobbies.arrived(player), () => social.arrived(player, isGuest)]
    if (isFirst) visitEach(first, (step) => step())
    for (const one of [queue, lobbies, parties]) void one.renamed(player)
  }

  function disconnected(playerId: PlayerId, connection: ConnectionId): void {
    lobbies.unwatch(connection)
    social.watching.gone(connection)
    if (presence.departed(playerId)) visitEach([queue, lobbies, social, missedEndings], (one) => one.departed(playerId))
  }

  return {
    handle,
    connected,
    disconnected,
    resumed,
    /** The player has made a request, even if it is refused. */
    active: lobbies.active,
    /** The lobby whose room the player's connections belong to, or undefined. */
    roomOf: (playerId: PlayerId) => lobbies.lobbyOf(playerId)?.id,
  }
}
