import type { Mode } from '../../config/modes.ts'
import type { Joined } from '../../match/join.ts'
import type { Matches } from '../../match/matches.ts'
import { match, relay } from '../../protocol/events/match.ts'
import { type PlayerId, playerRoom } from '../../protocol/ids.ts'
import type { Refusal } from '../../protocol/reply.ts'
import { behindWall } from '../../util/walls.ts'
import type { OpenSession } from '../auth/connection-sessions.ts'
import { setShortcut } from '../connection/parser.ts'
import type { ReaderWatch } from '../connection/slow-readers.ts'
import { admitPlayers } from '../guard/admission.ts'
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

interface MatchNamespaceParts extends GuardParts {
  namespace: MatchNamespace
  openSession: OpenSession
  matches: Matches
  rooms: Rooms
  readers: ReaderWatch
  modes: ReadonlyMap<string, Mode>
  /** Called for each request and relay message of a player. */
  active: (playerId: PlayerId) => void
}

/** Opens `/match`: admits connections, and turns their requests into calls of the matches. */
export function openMatchNamespace({
  namespace,
  openSession,
  matches,
  rooms,
  readers,
  modes,
  active,
  clock,
  log,
  pacing,
}: MatchNamespaceParts): void {
  const playerOf = (socket: MatchSocket) => socket.data.session.player

  function leaveRoom(socket: MatchSocket): void {
    const place = rooms.exit(socket)
    if (place) matches.connectionLost(place)
  }

  function seatSocket(socket: MatchSocket, joined: Joined): void {
    const { matchId, mode } = joined.match
    const playerId = playerOf(socket).id
    // The connection may have closed while the join was queued.
    if (!socket.connected) return matches.connectionLost({ matchId, playerId })
    if (socket.data.member?.matchId !== matchId) leaveRoom(socket)
    const isBinaryAllowed = modes.get(mode)?.relay.binary ?? false
    rooms.enter(socket, { matchId, playerId, seat: joined.you.seat, isBinaryAllowed })
  }

  /** Applies a request to the match that the socket is in. */
  function inMatch<Payload, Answer>(handle: (member: Member, payload: Payload) => Promise<Answer>) {
    return ({ socket }: Who<MatchSocketData>, payload: Payload): Promise<Answer> | Refusal => {
      const { member } = socket.data
      return member ? handle(member, payload) : whyInNoMatch(socket)
    }
  }

  // Later requests on this socket are answered with `MATCH_ABORTED`, if that is why the join failed.
  async function rememberAborted(socket: MatchSocket, joining: ReturnType<Matches['join']>) {
    const reply = await joining
    if (!reply.ok && !socket.data.member) socket.data.hasLostMatch = reply.error.code === 'MATCH_ABORTED'
    return reply
  }

  const asked = (socket: MatchSocket) => active(playerOf(socket).id)
  const matchRelay = createRelay(namespace.name, { clock, readers, sent: asked })

  const attachGuard = guard(
    { clock, log, pacing, asked },
    match,
    {
      'match:join': ({ socket, answer }, { matchId, as, since }) => {
        const { id: playerId, name } = playerOf(socket)
        const admit = (joined: Joined) => {
          answer(joined)
          seatSocket(socket, joined)
        }
        const join = { matchId, playerId, name, since, admit }
        return as === 'spectator' ? matches.spectate(join) : rememberAborted(socket, matches.join(join))
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
    new Map([[relay.event, matchRelay.send]]),
  )

  admitPlayers(namespace, { openSession, clock, log, dataFor: (data) => newMatchSocketData(data, clock) })
  const enter = (socket: MatchSocket) => {
    void socket.join(playerRoom(playerOf(socket).id))
    attachGuard(socket)
    if (rooms.isDirect) setShortcut(socket, (packet) => matchRelay.take(socket, packet))
    const leave = () => {
      setShortcut(socket, null)
      leaveRoom(socket)
    }
    socket.on('disconnect', behindWall(log, leave))
  }
  namespace.on('connection', behindWall(log, enter))
}
