import type { Viewer } from '../../config/rules.ts'
import type { Audience, Place } from '../../match/ports.ts'
import { SLICE_MS } from '../../match/runtime/mailbox.ts'
import { atOnce, type Clock, type ConnectionId, type Elapsed, type EpochMs, type LoopTurns } from '../../ports.ts'
import { type MatchId, matchRoom } from '../../protocol/ids.ts'
import type { MatchEvent } from '../../protocol/match-view.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import { type Limit, TokenBucket } from '../../util/rate-limit.ts'
import type { GatewayNamespace, GatewaySocket, PlayerSocketData } from '../guard/sockets.ts'
import { eventFrame, noWire, type Wire, wireOf } from './wire.ts'

// Fast games send 60 messages a second; after a network hiccup several seconds of them arrive at once.
const MESSAGES: Limit = { burst: 1_000, everyMs: 2 }

// A message that one of them sends after hearing a step must not overtake the step on its way to another.
const TOLD_AT_ONCE = 64

/** A socket in the room of a match. */
export interface Member extends Readonly<Place> {
  readonly socket: MatchSocket
  readonly wire: Wire
  /** All members of the same match, this one included. */
  readonly room: readonly Member[]
}
export interface MatchSocketData extends PlayerSocketData {
  member: Member | null
  /** Whether the match that it was in, or tried to join, was aborted. */
  hasLostMatch: boolean
  messages: TokenBucket
}
export type MatchSocket = GatewaySocket<MatchSocketData>
export type MatchNamespace = GatewayNamespace<MatchSocketData>

export const newMatchSocketData = (data: PlayerSocketData, clock: Clock): MatchSocketData => ({
  ...data,
  member: null,
  hasLostMatch: false,
  messages: new TokenBucket(MESSAGES, clock.now()),
})

/** The refusal for a socket that is in no match: `MATCH_ABORTED` after an abort, else `NOT_IN_MATCH`. */
export const whyInNoMatch = ({ data }: MatchSocket): Refusal =>
  refuse(data.hasLostMatch ? 'MATCH_ABORTED' : 'NOT_IN_MATCH')

interface RoomParts {
  /** Whether frames are written to the wire, past Socket.IO. */
  isDirect: boolean
  /** A message to a large room is spread over turns of the loop. */
  turns: LoopTurns
  elapsed: Elapsed
  /** Called when a connection enters that is already closed. */
  lost: (connection: ConnectionId) => void
}
export type Rooms = ReturnType<typeof createRooms>

/**
 * The members of each match, kept twice: as Socket.IO's room `match:<id>`, and as an array for writing to their wires
 * directly.
 */
export function createRooms(
  namespace: MatchNamespace,
  { isDirect = true, turns = atOnce, elapsed = () => 0, lost = () => {} }: Partial<RoomParts> = {},
) {
  const rooms = new Map<MatchId, Member[]>()

  function enter(socket: MatchSocket, place: Place): void {
    exit(socket)
    const room = rooms.get(place.matchId) ?? []
    rooms.set(place.matchId, room)
    const member: Member = { ...place, socket, wire: isDirect ? wireOf(socket.conn) : noWire, room }
    room.push(member)
    socket.data.member = member
    socket.data.hasLostMatch = false
    void socket.join(matchRoom(place.matchId))
  }

  /** Takes a socket out of its match, if it is in one. */
  function exit(socket: MatchSocket): void {
    const { member } = socket.data
    if (!member) return
    const room = rooms.get(member.matchId) ?? []
    room.splice(room.indexOf(member), 1)
    if (room.length === 0) rooms.delete(member.matchId)
    socket.data.member = null
    void socket.leave(matchRoom(member.matchId))
  }

  /** Writes lines to members; encodes each line once. */
  function writer(): (member: Member, lines: readonly MatchEvent[]) => void {
    const frames = new Map<MatchEvent, Buffer>()
    const bundles = new Map<readonly MatchEvent[], Buffer>()
    const frameOf = (line: MatchEvent) =>
      getOrMake(frames, line, () => eventFrame(namespace.name, 'match:event', JSON.stringify(line)))
    const bundleOf = (lines: readonly MatchEvent[]) =>
      getOrMake(bundles, lines, () => Buffer.concat(lines.map(frameOf)))
    return ({ socket, wire }, lines) => {
      const [line] = lines
      if (!line) return
      const bytes = wire === noWire ? null : lines.length === 1 ? frameOf(line) : bundleOf(lines)
      if (!bytes || !wire.send(bytes)) for (const each of lines) socket.emit('match:event', each)
    }
  }

  const audience: Audience = {
    enter(connection, place) {
      const socket = namespace.sockets.get(connection)
      // The connection may have closed while its request waited.
      if (socket?.connected) enter(socket, place)
      else lost(connection)
    },
    heard(matchId) {
      const last: Record<number, EpochMs> = {}
      for (const { seat, socket } of rooms.get(matchId) ?? []) {
        if (seat !== null) last[seat] = Math.max(last[seat] ?? 0, socket.data.messages.lastAt)
      }
      return last
    },
    tell(matchId, lines, seen) {
      const members = [...(rooms.get(matchId) ?? [])]
      const write = writer()
      let next = 0
      const tellSome = (): void | Promise<void> => {
        const began = elapsed()
        while (next < members.length) {
          const member = members[next++] as Member
          // A member may have left since the last slice.
          if (member.socket.data.member === member) write(member, seen ? (seen.get(whoOf(member)) ?? []) : lines)
          if (next >= TOLD_AT_ONCE && next < members.length && elapsed() - began >= SLICE_MS)
            return new Promise<void>((resume) => turns.later(members, resume)).then(tellSome)
        }
      }
      return tellSome()
    },
    release(matchId, playerId) {
      for (const member of [...(rooms.get(matchId) ?? [])]) if (member.playerId === playerId) exit(member.socket)
    },
    dismiss(matchId, closing) {
      namespace.to(matchRoom(matchId)).emit('match:closed', { matchId, ...closing })
      for (const { socket } of [...(rooms.get(matchId) ?? [])]) {
        exit(socket)
        socket.data.hasLostMatch = closing.outcome === 'aborted'
      }
    },
  }

  return { enter, exit, audience, isDirect, size: () => rooms.size }
}

function getOrMake<Key, Value>(made: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = made.get(key)
  if (known) return known
  const value = make()
  made.set(key, value)
  return value
}

const whoOf = ({ seat }: Member): Viewer => seat ?? 'spectator'
