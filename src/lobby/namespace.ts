import { openEntrance } from '../door/entrance.ts'
import { type DoorParts, type Guest, type GuestHall, guard } from '../door/guard.ts'
import type { Welcome } from '../door/handshake.ts'
import { playerRoom } from '../protocol/ids.ts'
import { lobby } from '../protocol/lobby.ts'
import type { MatchDesk, People, WhoIs } from './ports.ts'
import type { createPresence } from './presence.ts'
import type { createProfiles } from './profiles.ts'
import type { Queue } from './queue/queue.ts'

/** Those in `/lobby`, as the use-cases see them. */
export function peopleIn(hall: GuestHall, presence: ReturnType<typeof createPresence>): People {
  return {
    tell: (playerId, event, ...args) => void hall.to(playerRoom(playerId)).emit(event, ...args),
    isOnline: presence.isOnline,
  }
}

/** By the session of any of the player's connections to this process. */
export function whoIsIn(hall: GuestHall): WhoIs {
  return (playerId) => {
    const [socketId = ''] = hall.adapter.rooms.get(playerRoom(playerId)) ?? []
    return hall.sockets.get(socketId)?.data.session.player ?? null
  }
}

interface LobbyDoor extends DoorParts {
  hall: GuestHall
  welcome: Welcome
  presence: ReturnType<typeof createPresence>
  queue: Queue
  desk: MatchDesk
  profiles: ReturnType<typeof createProfiles>
}

/** Opens `/lobby`: translates between sockets and the queue. */
export function openLobbyNamespace({ hall, welcome, presence, queue, desk, profiles, clock, log }: LobbyDoor): void {
  const letIn = guard({ clock, log }, lobby, {
    'queue:join': ({ socket }, payload) => queue.join(socket.data.session.player, payload),
    'queue:leave': ({ socket }) => queue.leave(socket.data.session.player.id),
    'queue:explain': ({ socket }) => queue.explain(socket.data.session.player.id),
    'match:accept': ({ socket }, { matchId }) =>
      desk.answerProposal({ matchId, playerId: socket.data.session.player.id }, 'accepted'),
    'match:decline': ({ socket }, { matchId }) =>
      desk.answerProposal({ matchId, playerId: socket.data.session.player.id }, 'declined'),
    'leaderboard:get': (_who, payload) => profiles.leaderboard(payload),
    'player:get': (_who, payload) => profiles.player(payload),
  })

  function greet(socket: Guest): void {
    const { player, token, expiresAt } = socket.data.session
    const ticket = queue.ticketOf(player.id)
    const match = desk.liveSeatOf(player.id)
    const proposal = desk.proposalOf(player.id)
    const resumed = { ...(ticket && { ticket }), ...(proposal && { proposal }), ...(match && { match }) }
    socket.emit('session', { playerId: player.id, name: player.name, token, expiresAt, now: clock.now(), resumed })
  }

  openEntrance(hall, { welcome, clock, log, furnish: (visitor) => visitor })
  hall.on('connection', (socket) => {
    const { player } = socket.data.session
    void socket.join(playerRoom(player.id))
    greet(socket)
    letIn(socket)
    if (presence.arrived(player.id)) queue.arrived(player.id)
    socket.on('disconnect', () => {
      if (presence.departed(player.id)) queue.departed(player.id)
    })
  })
}
