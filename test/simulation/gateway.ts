import type { Matches } from '../../src/match/matches.ts'
import type { Audience, Place } from '../../src/match/ports.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import type { TellChecks } from './check-tells.ts'
import type { Asked, Joined } from './commands.ts'
import type { Life } from './timeline.ts'

/** One connection of a player to `/match` of one process. */
export interface Connection {
  readonly id: string
  readonly playerId: string
  readonly life: Life
  isOpen: boolean
  /** The match it is in; `seat` null for a spectator. */
  place: { matchId: string; seat: number | null } | null
  /** The last line of that match that it got. */
  position: { epoch: number; seq: number }
  /** When it last sent a message on the relay lane. */
  heardAt: EpochMs
}

interface DoorParts {
  checks: TellChecks
  now: () => EpochMs
  service: () => Matches['service']
}

/** `/match` of one process without sockets: the rooms, and the requests as JSON. */
export function createGateway({ checks, now, service }: DoorParts) {
  const open = new Map<string, Connection>()
  const rooms = new Map<string, Set<Connection>>()
  const roomOf = (matchId: string) => [...(rooms.get(matchId) ?? [])]

  function exit(connection: Connection): void {
    const { place } = connection
    if (!place) return
    const room = rooms.get(place.matchId)
    room?.delete(connection)
    if (room?.size === 0) rooms.delete(place.matchId)
    connection.place = null
  }

  function enter(connection: Connection, { matchId, seat }: Place): void {
    exit(connection)
    connection.heardAt = now()
    connection.place = { matchId, seat }
    rooms.set(matchId, (rooms.get(matchId) ?? new Set()).add(connection))
  }

  function close(connection: Connection): void {
    connection.isOpen = false
    open.delete(connection.id)
    exit(connection)
    service().left(connection.id)
  }

  /** Passes a request on. Checks a view before anything else is sent to the connection. */
  async function ask(connection: Connection, { event, payload }: Asked) {
    const player = { id: connection.playerId as PlayerId, name: connection.playerId }
    const command = viaJson({ player, connection: connection.id, event, payload })
    return service().handle(command, (reply) => {
      const joined = viaJson(reply) as Joined
      checks.answered(connection, joined, 'since' in payload ? payload.since : undefined)
      connection.position = { epoch: joined.epoch, seq: joined.seq }
    })
  }

  const audience: Audience = {
    enter(connectionId, place) {
      const connection = open.get(connectionId)
      if (connection) enter(connection, viaJson(place))
      else service().left(connectionId)
    },
    heard: (matchId) =>
      Object.fromEntries(
        roomOf(matchId).flatMap(({ place, heardAt }) => (place?.seat == null ? [] : [[place.seat, heardAt]])),
      ),
    tell(matchId, lines, seen) {
      checks.spoken(matchId, lines)
      for (const one of roomOf(matchId)) {
        for (const line of viaJson(seen?.get(one.place?.seat ?? 'spectator') ?? lines)) checks.told(one, line)
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
  return {
    audience,
    ask,
    open: (connection: Connection) => void open.set(connection.id, connection),
    close,
    isConnected: (matchId: string, playerId: string) => roomOf(matchId).some((one) => one.playerId === playerId),
    rooms,
  }
}
export type Gateway = ReturnType<typeof createGateway>

// As JSON, as between a gateway and a service on two nodes.
const viaJson = <T>(value: T): T => JSON.parse(JSON.stringify(value))
