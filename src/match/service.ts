import type { Mode } from '../config/modes.ts'
import type { ConnectionId } from '../ports.ts'
import type { HandlersOf, ReplyOf } from '../protocol/declare.ts'
import type { match } from '../protocol/events/match.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { type Refusal, type Reply, refuse } from '../protocol/reply.ts'
import type { createCommands } from './commands/commands.ts'
import type { createSeatCommands } from './commands/seats.ts'
import type { Connections } from './connections.ts'
import type { createJoin, Joined } from './join.ts'
import type { Place } from './ports.ts'

type Requests = (typeof match)['requests']

/** A request of `/match`, checked, as plain JSON. */
export interface MatchCommand<E extends keyof Requests = keyof Requests> {
  player: { id: PlayerId; name: string }
  connection: ConnectionId
  event: E
  payload: unknown
}
/** The command without its event, and the function that sends its reply. */
interface Caller extends Pick<MatchCommand, 'player' | 'connection'> {
  respond: (reply: Reply) => void
}

interface MatchServiceParts {
  connections: Connections
  modes: ReadonlyMap<string, Mode>
  join: ReturnType<typeof createJoin>
  commands: ReturnType<typeof createCommands>['requests']
  seatCommands: Pick<ReturnType<typeof createSeatCommands>, 'quit' | 'connectionLost'>
}
export type MatchService = ReturnType<typeof createMatchService>

/** All requests of `/match`, JSON in and JSON out, and the connections that close there. */
export function createMatchService({ connections, modes, join, commands, seatCommands }: MatchServiceParts) {
  const { quit, connectionLost } = seatCommands

  const handlers: HandlersOf<typeof match, Caller> = {
    'match:join'({ player, connection, respond }, { matchId, as, since }) {
      const admit = (joined: Joined) => {
        respond(joined)
        enter(connection, player.id, joined)
      }
      const request = { matchId, playerId: player.id, name: player.name, since, admit }
      return as === 'spectator' ? join.spectate(request) : join.join(request)
    },
    'match:sync': ({ connection, respond }, { since }) => {
      const place = connections.placeOf(connection)
      return place ? join.sync({ ...place, since, admit: respond }) : refuse('NOT_IN_MATCH')
    },
    'match:act': inMatch(commands.act),
    'match:set': inMatch(commands.set),
    'match:ready': inMatch(commands.ready),
    'match:pause': inMatch(commands.pause),
    'match:resume': inMatch(commands.resume),
    'match:finish': inMatch(commands.finish),
    'match:rematch': inMatch(commands.rematch),
    'match:leave': inMatch(quit),
  }

  /** Applies a request to the match that the connection is in. */
  function inMatch<Payload, Answer>(apply: (place: Place, payload: Payload) => Promise<Answer>) {
    return ({ connection }: Caller, payload: Payload): Promise<Answer> | Refusal => {
      const place = connections.placeOf(connection)
      return place ? apply(place, payload) : refuse('NOT_IN_MATCH')
    }
  }

  // A connection is in one match at a time, and keeps its place when it joins the same match again.
  function enter(connection: ConnectionId, playerId: PlayerId, { match: { matchId, mode }, you }: Joined): void {
    if (connections.placeOf(connection)?.matchId === matchId) return
    left(connection)
    const isBinaryAllowed = modes.get(mode)?.relay.binary ?? false
    connections.enter(connection, { matchId, playerId, seat: you.seat, isBinaryAllowed })
  }

  /** The connection is closed. */
  function left(connection: ConnectionId): void {
    const place = connections.leave(connection)
    if (place) connectionLost(place)
  }

  /**
   * Carries out a request, whose payload has the shape that the event is declared with, and resolves with the reply. A
   * view of the match is given to `respond` before the match takes its next step: the lines that the connection gets
   * afterwards are those that follow the view.
   */
  function handle<E extends keyof Requests>(
    { event, payload, ...caller }: MatchCommand<E>,
    respond: (reply: Reply) => void = () => {},
  ): Promise<ReplyOf<Requests[E]>> | ReplyOf<Requests[E]> {
    return handlers[event]({ ...caller, respond }, payload as never) as ReplyOf<Requests[E]>
  }

  return { handle, left }
}
