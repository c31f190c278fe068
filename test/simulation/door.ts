import type { Matches } from '../../src/match/matches.ts'
import type { Audience } from '../../src/match/ports.ts'
import type { EpochMs } from '../../src/ports.ts'
import { refuse } from '../../src/protocol/reply.ts'
import type { TellChecks } from './check-tells.ts'
import type { Joined, Said } from './commands.ts'
import type { Life } from './timeline.ts'

/** One connection of a player to `/match` of one process. */
export interface Connection {
  readonly id: string
  readonly playerId: string
  readonly life: Life
  isOpen: boolean
  /** The match it is in; `seat` null for a spectator. */
  place: { matchId: string; seat: number | null } | null
  /** What it was told last of that match. */
  position: { epoch: number; seq: number }
  /** When it last sent a message on the relay lane. */
  heardAt: EpochMs
}
type MatchId = Parameters<Audience['isConnected']>[0]
type PlayerId = Parameters<Audience['isConnected']>[1]

/** `/match` of one process without sockets: who is in which room, and which request goes where. */
export function createDoor(checks: TellChecks, now: () => EpochMs) {
  const rooms = new Map<string, Set<Connection>>()
  const roomOf = (matchId: string) => [...(rooms.get(matchId) ?? [])]

  function exit(connection: Connection): Connection['place'] {
    const { place } = connection
    if (!place) return null
    const room = rooms.get(place.matchId)
    room?.delete(connection)
    if (room?.size === 0) rooms.delete(place.matchId)
    connection.place = null
    return place
  }

  function leaveRoom(matches: Matches, connection: Connection): void {
    const place = exit(connection)
    if (place) matches.connectionLost(memberOf(place.matchId, connection))
  }

  // As the namespace does it: answered first, then let into the room, all within the match's turn.
  function seatConnection(matches: Matches, connection: Connection, joined: Joined): void {
    const { matchId } = joined.match
    if (!connection.isOpen) return matches.connectionLost(memberOf(matchId, connection))
    if (connection.place?.matchId !== matchId) leaveRoom(matches, connection)
    connection.position = { epoch: joined.epoch, seq: joined.seq }
    if (connection.place) return
    connection.heardAt = now()
    connection.place = { matchId, seat: joined.you.seat }
    rooms.set(matchId, (rooms.get(matchId) ?? new Set()).add(connection))
  }

  async function ask(matches: Matches, connection: Connection, { event, payload }: Said) {
    if (event === 'match:accept') return matches.answerProposal(memberOf(payload.matchId, connection), 'accepted')
    if (event === 'match:decline') return matches.answerProposal(memberOf(payload.matchId, connection), 'declined')
    if (event === 'match:join') {
      const visit = {
        ...memberOf(payload.matchId, connection),
        name: connection.playerId,
        since: payload.since,
        admit(joined: Joined) {
          checks.answered(connection, joined, payload.since)
          seatConnection(matches, connection, joined)
        },
      }
      return payload.as === 'spectator' ? matches.spectate(visit) : matches.join(visit)
    }
    if (!connection.place) return refuse('NOT_IN_MATCH')
    const member = memberOf(connection.place.matchId, connection)
    switch (event) {
      case 'match:sync':
        return matches.sync({
          ...member,
          since: payload.since,
          admit: (joined) => checks.answered(connection, joined, payload.since),
        })
      case 'match:act':
        return matches.act(member, payload)
      case 'match:set':
        return matches.set(member, payload)
      case 'match:finish':
        return matches.finish(member, payload)
      case 'match:rematch':
        return matches.rematch(member, payload)
      case 'match:ready':
        return matches.ready(member)
      case 'match:pause':
        return matches.pause(member)
      case 'match:resume':
        return matches.resume(member)
      case 'match:leave':
        return matches.quit(member)
    }
  }

  const audience: Audience = {
    isConnected: (matchId, playerId) => roomOf(matchId).some((one) => one.playerId === playerId),
    heard: (matchId) =>
      Object.fromEntries(
        roomOf(matchId).flatMap(({ place, heardAt }) => (place?.seat == null ? [] : [[place.seat, heardAt]])),
      ),
    viewers: (matchId) => new Set(roomOf(matchId).map((one) => one.place?.seat ?? 'spectator')),
    tell(matchId, lines, seen) {
      checks.spoken(matchId, lines)
      for (const one of roomOf(matchId)) {
        for (const line of seen?.get(one.place?.seat ?? 'spectator') ?? lines) checks.told(one, line)
      }
    },
    release(matchId, playerId) {
      for (const one of roomOf(matchId)) if (one.playerId === playerId) exit(one)
    },
    dismiss(matchId, closing) {
      checks.dismissed(matchId, closing)
      for (const one of roomOf(matchId)) exit(one)
    },
  }
  return { audience, ask, leaveRoom, rooms }
}
export type Door = ReturnType<typeof createDoor>

const memberOf = (matchId: string, { playerId }: Connection) => ({
  matchId: matchId as MatchId,
  playerId: playerId as PlayerId,
})
