import { openEntrance } from '../door/entrance.ts'
import { type DoorParts, type Guest, type GuestHall, guard } from '../door/guard.ts'
import type { Welcome } from '../door/handshake.ts'
import { playerRoom } from '../protocol/ids.ts'
import { lobby } from '../protocol/lobby.ts'
import { lobbyHandlers, seatInLobby } from './lobbies/handlers.ts'
import type { Lobbies } from './lobbies/lobbies.ts'
import type { MatchDesk, People } from './ports.ts'
import type { createPresence } from './presence.ts'
import type { Queue } from './queue/queue.ts'

/** Those in `/lobby`, as the use-cases see them. */
export function peopleIn(hall: GuestHall, presence: ReturnType<typeof createPresence>): People {
  return {
    tell: (playerId, event, ...args) => void hall.to(playerRoom(playerId)).emit(event, ...args),
    isOnline: presence.isOnline,
  }
}

interface LobbyDoor extends DoorParts {
  hall: GuestHall
  welcome: Welcome
  presence: ReturnType<typeof createPresence>
  queue: Queue
  desk: MatchDesk
  lobbies: Lobbies
}

/** Opens `/lobby`: translates between sockets and the queue. */
export function openLobbyNamespace({ hall, welcome, presence, queue, desk, lobbies, clock, log }: LobbyDoor): void {
  const letIn = guard({ clock, log }, lobby, {
    'queue:join': ({ socket }, payload) => queue.join(socket.data.session.player, payload),
    'queue:leave': ({ socket }) => queue.leave(socket.data.session.player.id),
    'queue:explain': ({ socket }) => queue.explain(socket.data.session.player.id),
    'match:accept': ({ socket }, { matchId }) =>
      desk.answerProposal({ matchId, playerId: socket.data.session.player.id }, 'accepted'),
    'match:decline': ({ socket }, { matchId }) =>
      desk.answerProposal({ matchId, playerId: socket.data.session.player.id }, 'declined'),
    ...lobbyHandlers(lobbies),
  })

  function greet(socket: Guest): void {
    const { player, token, expiresAt } = socket.data.session
    const ticket = queue.ticketOf(player.id)
    const match = desk.liveSeatOf(player.id)
    const proposal = desk.proposalOf(player.id)
    const lobby = lobbies.lobbyOf(player.id)
    const mine = { ...(ticket && { ticket }), ...(proposal && { proposal }), ...(match && { match }) }
    const resumed = { ...mine, ...(lobby && { lobby }) }
    socket.emit('session', { playerId: player.id, name: player.name, token, expiresAt, now: clock.now(), resumed })
  }

  openEntrance(hall, { welcome, clock, log, furnish: (visitor) => visitor })
  hall.on('connection', (socket) => {
    const { player } = socket.data.session
    void socket.join(playerRoom(player.id))
    seatInLobby(lobbies, socket)
    greet(socket)
    letIn(socket)
    if (presence.arrived(player.id)) {
      queue.arrived(player.id)
      lobbies.arrived(player)
    }
    socket.on('disconnect', () => {
      lobbies.unwatch(socket.id)
      if (!presence.departed(player.id)) return
      queue.departed(player.id)
      lobbies.departed(player.id)
    })
  })
}
