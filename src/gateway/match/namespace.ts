import type { MatchCommand, MatchService } from '../../match/service.ts'
import type { PayloadOf, ReplyOf } from '../../protocol/declare.ts'
import { match, relay } from '../../protocol/events/match.ts'
import { type PlayerId, playerRoom } from '../../protocol/ids.ts'
import { behindWall } from '../../util/walls.ts'
import type { OpenSession } from '../auth/connection-sessions.ts'
import { setShortcut } from '../connection/parser.ts'
import type { ReaderWatch } from '../connection/slow-readers.ts'
import { admitPlayers } from '../guard/admission.ts'
import { forwardAll } from '../guard/forward.ts'
import { type GuardParts, guard, type Who } from '../guard/guard.ts'
import { createRelay } from './relay.ts'
import {
  type MatchNamespace,
  type MatchSocket,
  type MatchSocketData,
  newMatchSocketData,
  type Rooms,
  whyInNoMatch,
} from './rooms.ts'

type Requests = typeof match.requests
type Join = PayloadOf<Requests['match:join']>

interface MatchNamespaceParts extends GuardParts {
  namespace: MatchNamespace
  openSession: OpenSession
  service: MatchService
  rooms: Rooms
  readers: ReaderWatch
  /** Called for each request and relay message of a player. */
  active: (playerId: PlayerId) => void
}

/** Opens `/match`: admits connections, and turns their requests into commands of the service. */
export function openMatchNamespace({
  namespace,
  openSession,
  service,
  rooms,
  readers,
  active,
  clock,
  log,
  pacing,
}: MatchNamespaceParts): void {
  const playerOf = (socket: MatchSocket) => socket.data.session.player

  // The gateway itself refuses the requests of a socket that is in no match: it knows whether the match was aborted.
  const handle = ({ socket, answer }: Who<MatchSocketData>, event: MatchCommand['event'], payload: unknown) => {
    if (!socket.data.member && event !== 'match:join') return whyInNoMatch(socket)
    const { id, name } = playerOf(socket)
    return service.handle({ player: { id, name }, connection: socket.id, event, payload }, answer)
  }

  // Later requests on this socket are answered with `MATCH_ABORTED`, if that is why the join failed.
  async function join(who: Who<MatchSocketData>, payload: Join): Promise<ReplyOf<Requests['match:join']>> {
    const { data } = who.socket
    const reply = await handle(who, 'match:join', payload)
    if (payload.as === 'player' && !reply.ok && !data.member) data.hasLostMatch = reply.error.code === 'MATCH_ABORTED'
    return reply as ReplyOf<Requests['match:join']>
  }

  const asked = (socket: MatchSocket) => active(playerOf(socket).id)
  const matchRelay = createRelay(namespace.name, { clock, readers, sent: asked })

  const attachGuard = guard(
    { clock, log, pacing, asked },
    match,
    { ...forwardAll(match, handle), 'match:join': join },
    new Map([[relay.event, matchRelay.send]]),
  )

  admitPlayers(namespace, { openSession, clock, log, dataFor: (data) => newMatchSocketData(data, clock) })
  const enter = (socket: MatchSocket) => {
    void socket.join(playerRoom(playerOf(socket).id))
    attachGuard(socket)
    if (rooms.isDirect) setShortcut(socket, (packet) => matchRelay.take(socket, packet))
    const leave = () => {
      setShortcut(socket, null)
      rooms.exit(socket)
      service.left(socket.id)
    }
    socket.on('disconnect', behindWall(log, leave))
  }
  namespace.on('connection', behindWall(log, enter))
}
