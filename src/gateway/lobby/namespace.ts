import type { Lobbies } from '../../lobby/custom/lobbies.ts'
import type { MissedEndings } from '../../lobby/people/missed-endings.ts'
import type { createPresence } from '../../lobby/people/presence.ts'
import type { createProfiles } from '../../lobby/people/profiles.ts'
import type { People, Player, WhoIs } from '../../lobby/ports.ts'
import type { Queue } from '../../lobby/queue/queue.ts'
import type { SeatIndex } from '../../lobby/seats/seat-index.ts'
import type { Social } from '../../lobby/social.ts'
import type { HandlersOf } from '../../protocol/declare.ts'
import { lobby } from '../../protocol/events/lobby.ts'
import { type PlayerId, playerRoom } from '../../protocol/ids.ts'
import { behindWall, visitEach } from '../../util/walls.ts'
import type { Session } from '../auth/handshake.ts'
import { addressOf } from '../connection/address.ts'
import { openEntrance, type Reception } from '../guard/entrance.ts'
import { type GuardParts, guard, type Who } from '../guard/guard.ts'
import type { Outbox } from '../guard/outbox.ts'
import type { GatewayNamespace, GatewaySocket } from '../guard/sockets.ts'
import { lobbyHandlers, seatInLobby } from './custom-lobby-handlers.ts'
import { peopleHandlers } from './people-handlers.ts'

/** Those in `/lobby`, as the use-cases see them. */
export function peopleIn(
  namespace: GatewayNamespace,
  presence: ReturnType<typeof createPresence>,
  outbox: Outbox,
): People {
  return {
    tell: (playerId, event, ...args) => outbox.send(() => void namespace.to(playerRoom(playerId)).emit(event, ...args)),
    isOnline: presence.isOnline,
  }
}

/** By the session of any of the player's connections to this process. */
export function whoIsIn(namespace: GatewayNamespace): WhoIs {
  return (playerId) => {
    const [socketId = ''] = namespace.adapter.rooms.get(playerRoom(playerId)) ?? []
    return namespace.sockets.get(socketId)?.data.session.player ?? null
  }
}

/** Where the guests of `/lobby` come from, by any of their connections; null for those for whom a backend answers. */
export function originIn(namespace: GatewayNamespace): (playerId: PlayerId) => string | null {
  return (playerId) => {
    const [socketId = ''] = namespace.adapter.rooms.get(playerRoom(playerId)) ?? []
    const socket = namespace.sockets.get(socketId)
    return socket?.data.session.isGuest ? addressOf(socket) : null
  }
}

type Handlers = HandlersOf<typeof lobby, Who>

interface LobbyDoor extends GuardParts {
  namespace: GatewayNamespace
  welcome: Reception
  presence: ReturnType<typeof createPresence>
  queue: Queue
  seats: Pick<SeatIndex, 'liveSeatOf' | 'proposalOf'>
  profiles: ReturnType<typeof createProfiles>
  lobbies: Lobbies
  social: Social
  missedEndings: MissedEndings
  server: { version: string; node: string }
}

/** Opens `/lobby`: translates between sockets and those who answer. */
export function openLobbyNamespace(parts: LobbyDoor): void {
  const {
    namespace,
    welcome,
    presence,
    queue,
    seats,
    profiles,
    lobbies,
    social,
    missedEndings,
    server,
    clock,
    log,
    pacing,
  } = parts
  const handlers: Handlers = {
    'queue:join': ({ socket }, payload) => queue.join(socket.data.session.player, payload),
    'queue:leave': ({ socket }) => queue.leave(socket.data.session.player.id),
    'queue:explain': ({ socket }) => queue.explain(socket.data.session.player.id),
    'match:accept': ({ socket }, { matchId }) => queue.answer(socket.data.session.player.id, matchId, 'accepted'),
    'match:decline': ({ socket }, { matchId }) => queue.answer(socket.data.session.player.id, matchId, 'declined'),
    'leaderboard:get': (_who, payload) => profiles.leaderboard(payload),
    'player:get': ({ socket }, payload) => profiles.player(socket.data.session.player.id, payload),
    ...lobbyHandlers(lobbies),
    ...peopleHandlers(social),
  }
  const asked = ({ data }: GatewaySocket) => lobbies.active(data.session.player.id)
  const letIn = guard({ clock, log, pacing, asked }, lobby, handlers)

  function greet(socket: GatewaySocket): void {
    const { player, token, expiresAt } = socket.data.session
    const ticket = queue.ticketOf(player.id)
    const match = seats.liveSeatOf(player.id)
    const proposal = seats.proposalOf(player.id)
    const lobby = lobbies.lobbyOf(player.id)
    const mine = { ...(ticket && { ticket }), ...(proposal && { proposal }), ...(match && { match }) }
    const resumed = { ...mine, ...social.resumed(player.id), ...(lobby && { lobby }) }
    const penalty = queue.penaltyOf(player.id)
    socket.emit('session', {
      playerId: player.id,
      name: player.name,
      token,
      expiresAt,
      now: clock.now(),
      server,
      ...(penalty && { penalty }),
      resumed: { ...resumed, ...missedEndings.resumed(player.id) },
    })
  }

  function arrived({ player, isGuest }: Session): void {
    const steps = [() => queue.arrived(player.id), () => lobbies.arrived(player), () => social.arrived(player, isGuest)]
    visitEach(steps, (step) => step())
  }

  function departed(playerId: PlayerId): void {
    visitEach([queue, lobbies, social, missedEndings], (one) => one.departed(playerId))
  }

  /** A player has one name at a time: the one that was chosen last, on all connections. */
  function settleName({ data: { session } }: GatewaySocket): Player {
    const { player, isNameGiven } = session
    const others = [...(namespace.adapter.rooms.get(playerRoom(player.id)) ?? [])].flatMap(
      (id) => namespace.sockets.get(id) ?? [],
    )
    const known = others[0]?.data.session.player.name
    const name = isNameGiven || known === undefined ? player.name : known
    for (const { data } of others) data.session.player = { ...data.session.player, name }
    session.player = { ...player, name }
    return session.player
  }

  openEntrance(namespace, { welcome, clock, log, dataFor: (data) => data })
  const enter = (socket: GatewaySocket) => {
    const player = settleName(socket)
    void socket.join(playerRoom(player.id))
    seatInLobby(lobbies, socket)
    const isFirst = presence.arrived(player.id)
    greet(socket)
    letIn(socket)
    const leave = () => {
      lobbies.unwatch(socket.id)
      social.watching.gone(socket.id)
      if (presence.departed(player.id)) departed(player.id)
    }
    socket.on('disconnect', behindWall(log, leave))
    if (isFirst) arrived(socket.data.session)
    for (const one of [queue, lobbies, social.parties]) void one.renamed(player)
  }
  namespace.on('connection', behindWall(log, enter))
}
