import { openEntrance } from '../door/entrance.ts'
import { type DoorParts, guard } from '../door/guard.ts'
import type { Welcome } from '../door/handshake.ts'
import { setShortcut } from '../door/parser.ts'
import type { ReaderWatch } from '../door/slow-readers.ts'
import type { Mode } from '../modes.ts'
import { playerRoom } from '../protocol/ids.ts'
import { match, relay } from '../protocol/match.ts'
import { refuse } from '../protocol/reply.ts'
import type { Joined, Matches } from './matches.ts'
import { createRelay } from './relay.ts'
import { type MatchGuest, type MatchHall, newMatchVisitor, type Rooms } from './rooms.ts'

interface MatchDoor extends DoorParts {
  hall: MatchHall
  welcome: Welcome
  matches: Matches
  rooms: Rooms
  readers: ReaderWatch
  modes: ReadonlyMap<string, Mode>
}

/** Opens `/match`: translates between sockets and the matches. */
export function openMatchNamespace({ hall, welcome, matches, rooms, readers, modes, clock, log }: MatchDoor): void {
  const playerOf = (socket: MatchGuest) => socket.data.session.player.id

  function leaveRoom(socket: MatchGuest): void {
    const place = rooms.exit(socket)
    if (place) matches.connectionLost(place.matchId, place.playerId)
  }

  function seatSocket(socket: MatchGuest, joined: Joined): void {
    const { matchId, mode } = joined.match
    const playerId = playerOf(socket)
    // The connection may have gone while the join waited for its turn.
    if (!socket.connected) return matches.connectionLost(matchId, playerId)
    if (socket.data.member?.matchId !== matchId) leaveRoom(socket)
    const isBinaryAllowed = modes.get(mode)?.relay.binary ?? false
    rooms.enter(socket, { matchId, playerId, seat: joined.you.seat, isBinaryAllowed })
  }

  const relayLane = createRelay(clock, readers)

  const letIn = guard(
    { clock, log },
    match,
    {
      'match:join': ({ socket, answer }, { matchId, as, since }) => {
        if (as === 'spectator') return refuse('FORBIDDEN', { because: 'spectators are not let in yet' })
        const admit = (joined: Joined) => {
          answer(joined)
          seatSocket(socket, joined)
        }
        return matches.join({ matchId, playerId: playerOf(socket), since, admit })
      },
      'match:sync': ({ socket, answer }, { since }) => {
        const { member } = socket.data
        if (!member) return refuse('NOT_IN_MATCH')
        return matches.sync({ matchId: member.matchId, playerId: member.playerId, since, admit: answer })
      },
      'match:leave': ({ socket }) => {
        const { member } = socket.data
        return member ? matches.quit(member.matchId, member.playerId) : refuse('NOT_IN_MATCH')
      },
    },
    new Map([[relay.event, relayLane.send]]),
  )

  openEntrance(hall, { welcome, clock, furnish: (visitor) => newMatchVisitor(visitor, clock) })
  hall.on('connection', (socket) => {
    void socket.join(playerRoom(playerOf(socket)))
    letIn(socket)
    setShortcut(socket, (packet) => relayLane.take(socket, packet))
    socket.on('disconnect', () => {
      setShortcut(socket, null)
      leaveRoom(socket)
    })
  })
}
