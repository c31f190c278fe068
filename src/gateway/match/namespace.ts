import type { Mode } from '../../config/modes.ts'
import type { Joined } from '../../match/join.ts'
import type { Matches } from '../../match/matches.ts'
import { match, relay } from '../../protocol/events/match.ts'
import { type PlayerId, playerRoom } from '../../protocol/ids.ts'
import type { Refusal } from '../../protocol/reply.ts'
import { behindWall } from '../../util/walls.ts'
import { setShortcut } from '../connection/parser.ts'
import type { ReaderWatch } from '../connection/slow-readers.ts'
import { openEntrance, type Reception } from '../guard/entrance.ts'
import { type GuardParts, guard, type Who } from '../guard/guard.ts'
import { createRelay } from './relay.ts'
import {
  type MatchNamespace,
  type MatchSocket,
  type MatchSocketData,
  type Member,
  newMatchSocketData,
  type Rooms,
  whyInNoMatch,
} from './rooms.ts'

interface MatchDoor extends GuardParts {
  namespace: MatchNamespace
  welcome: Reception
  matches: Matches
  rooms: Rooms
  readers: ReaderWatch
  modes: ReadonlyMap<string, Mode>
  /** Told whenever a player asks for anything here, or sends something. */
  active: (playerId: PlayerId) => void
}

/** Opens `/match`: translates between sockets and the matches. */
export function openMatchNamespace({
  namespace,
  welcome,
  matches,
  rooms,
  readers,
  modes,
  active,
  clock,
  log,
  pacing,
}: MatchDoor): void {
  const playerOf = (socket: MatchSocket) => socket.data.session.player

  function leaveRoom(socket: MatchSocket): void {
    const place = rooms.exit(socket)
    if (place) matches.connectionLost(place)
  }

  function seatSocket(socket: MatchSocket, joined: Joined): void {
    const { matchId, mode } = joined.match
    const playerId = playerOf(socket).id
    // The connection may have gone while the join waited for its turn.
    if (!socket.connected) return matches.connectionLost({ matchId, playerId })
    if (socket.data.member?.matchId !== matchId) leaveRoom(socket)
    const isBinaryAllowed = modes.get(mode)?.relay.binary ?? false
    rooms.enter(socket, { matchId, playerId, seat: joined.you.seat, isBinaryAllowed })
  }

  /** For those who are in a match; what they ask concerns that one. */
  function inMatch<Payload, Answer>(handle: (member: Member, payload: Payload) => Promise<Answer>) {
    return ({ socket }: Who<MatchSocketData>, payload: Payload): Promise<Answer> | Refusal => {
      const { member } = socket.data
      return member ? handle(member, payload) : whyInNoMatch(socket)
    }
  }

  // Whatever else is asked here is about the match that could not be joined.
  async function noted(socket: MatchSocket, joining: ReturnType<Matches['join']>) {
    const reply = await joining
    if (!reply.ok && !socket.data.member) socket.data.hasLostMatch = reply.error.code === 'MATCH_ABORTED'
    return reply
  }

  const asked = (socket: MatchSocket) => active(playerOf(socket).id)
  const relayLane = createRelay(namespace.name, { clock, readers, sent: asked })

  const letIn = guard(
    { clock, log, pacing, asked },
    match,
    {
      'match:join': ({ socket, answer }, { matchId, as, since }) => {
        const { id: playerId, name } = playerOf(socket)
        const admit = (joined: Joined) => {
          answer(joined)
          seatSocket(socket, joined)
        }
        const visit = { matchId, playerId, name, since, admit }
        return as === 'spectator' ? matches.spectate(visit) : noted(socket, matches.join(visit))
      },
      'match:sync': ({ socket, answer }, { since }) => {
        const { member } = socket.data
        return member ? matches.sync({ ...member, since, admit: answer }) : whyInNoMatch(socket)
      },
      'match:act': inMatch(matches.act),
      'match:set': inMatch(matches.set),
      'match:ready': inMatch(matches.ready),
      'match:pause': inMatch(matches.pause),
      'match:resume': inMatch(matches.resume),
      'match:finish': inMatch(matches.finish),
      'match:rematch': inMatch(matches.rematch),
      'match:leave': inMatch(matches.quit),
    },
    new Map([[relay.event, relayLane.send]]),
  )

  openEntrance(namespace, { welcome, clock, log, dataFor: (data) => newMatchSocketData(data, clock) })
  const enter = (socket: MatchSocket) => {
    void socket.join(playerRoom(playerOf(socket).id))
    letIn(socket)
    if (rooms.isDirect) setShortcut(socket, (packet) => relayLane.take(socket, packet))
    const leave = () => {
      setShortcut(socket, null)
      leaveRoom(socket)
    }
    socket.on('disconnect', behindWall(log, leave))
  }
  namespace.on('connection', behindWall(log, enter))
}
