import type { Onlooker } from '../../config/rules.ts'
import type { Audience } from '../../match/ports.ts'
import type { Clock, EpochMs } from '../../ports.ts'
import { type MatchId, matchRoom, type PlayerId } from '../../protocol/ids.ts'
import type { MatchEvent } from '../../protocol/match-view.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import { type Limit, TokenBucket } from '../../util/token-bucket.ts'
import type { GatewayNamespace, GatewaySocket, PlayerSocketData } from '../guard/sockets.ts'
import { eventFrame, noWire, type Wire, wireOf } from './wire.ts'

// Fast games send 60 times a second; a bad moment of the network delivers a few seconds of it at once.
const MESSAGES: Limit = { burst: 1_000, perSecond: 500 }

/** A socket's place in a match. */
export interface Member {
  readonly matchId: MatchId
  readonly playerId: PlayerId
  /** Null for a spectator. */
  readonly seat: number | null
  readonly isBinaryAllowed: boolean
  readonly socket: MatchSocket
  readonly wire: Wire
  /** All members of the same match, this one included. */
  readonly room: readonly Member[]
}
export interface MatchSocketData extends PlayerSocketData {
  member: Member | null
  /** Whether the match it was in, or came for, was aborted. */
  hasLostMatch: boolean
  messages: TokenBucket
}
export type MatchSocket = GatewaySocket<MatchSocketData>
export type MatchNamespace = GatewayNamespace<MatchSocketData>
type Seating = Pick<Member, 'matchId' | 'playerId' | 'seat' | 'isBinaryAllowed'>

export const newMatchSocketData = (data: PlayerSocketData, clock: Clock): MatchSocketData => ({
  ...data,
  member: null,
  hasLostMatch: false,
  messages: new TokenBucket(MESSAGES, clock.now()),
})

/** For a socket that is in no match: there is none, or it was aborted. */
export const whyInNoMatch = ({ data }: MatchSocket): Refusal =>
  refuse(data.hasLostMatch ? 'MATCH_ABORTED' : 'NOT_IN_MATCH')

export type Rooms = ReturnType<typeof createRooms>

/**
 * Who hears what: Socket.IO's room `match:<id>` for the log, and beside it the members as an array for the relay, which
 * writes to their wires directly unless everything is to pass Socket.IO.
 */
export function createRooms(namespace: MatchNamespace, { isDirect = true } = {}) {
  const rooms = new Map<MatchId, Member[]>()

  function enter(socket: MatchSocket, seating: Seating): void {
    if (socket.data.member?.matchId === seating.matchId) return
    const room = rooms.get(seating.matchId) ?? []
    rooms.set(seating.matchId, room)
    const member: Member = { ...seating, socket, wire: isDirect ? wireOf(socket.conn) : noWire, room }
    room.push(member)
    socket.data.member = member
    socket.data.hasLostMatch = false
    void socket.join(matchRoom(seating.matchId))
  }

  /** Takes a socket out of its match, if it is in one; resolves what it left. */
  function exit(socket: MatchSocket): Seating | null {
    const { member } = socket.data
    if (!member) return null
    const room = rooms.get(member.matchId) ?? []
    room.splice(room.indexOf(member), 1)
    if (room.length === 0) rooms.delete(member.matchId)
    socket.data.member = null
    void socket.leave(matchRoom(member.matchId))
    return member
  }

  // A line that several hear is encoded once.
  function write({ socket, wire }: Member, line: MatchEvent, frames: Map<MatchEvent, Buffer>): void {
    if (wire === noWire) return void socket.emit('match:event', line)
    const frame = frames.get(line) ?? eventFrame(namespace.name, 'match:event', JSON.stringify(line))
    frames.set(line, frame)
    if (!wire.send(frame)) socket.emit('match:event', line)
  }

  const audience: Audience = {
    isConnected: (matchId, playerId) => (rooms.get(matchId) ?? []).some((member) => member.playerId === playerId),
    heard(matchId) {
      const last: Record<number, EpochMs> = {}
      for (const { seat, socket } of rooms.get(matchId) ?? []) {
        if (seat !== null) last[seat] = Math.max(last[seat] ?? 0, socket.data.messages.lastAt)
      }
      return last
    },
    onlookers: (matchId) => new Set((rooms.get(matchId) ?? []).map(whoOf)),
    tell(matchId, lines, seen) {
      const frames = new Map<MatchEvent, Buffer>()
      for (const member of rooms.get(matchId) ?? [])
        for (const line of seen ? (seen.get(whoOf(member)) ?? []) : lines) write(member, line, frames)
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

const whoOf = ({ seat }: Member): Onlooker => seat ?? 'spectator'
