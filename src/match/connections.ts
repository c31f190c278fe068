import type { Viewer } from '../config/rules.ts'
import type { ConnectionId } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { Audience, Closing, Place } from './ports.ts'

export type Connections = ReturnType<typeof createConnections>

/** The connections in each match, and their places. */
export function createConnections(audience: Audience) {
  const rooms = new Map<MatchId, Map<ConnectionId, Place>>()
  const places = new Map<ConnectionId, Place>()

  /** Lets a connection into a match. It must have left any other match. */
  function enter(connection: ConnectionId, place: Place): void {
    places.set(connection, place)
    rooms.set(place.matchId, (rooms.get(place.matchId) ?? new Map<ConnectionId, Place>()).set(connection, place))
    audience.enter(connection, place)
  }

  /** Forgets a connection, and returns the place that it had; null when it had none. */
  function leave(connection: ConnectionId): Place | null {
    const place = places.get(connection)
    if (!place) return null
    places.delete(connection)
    const room = rooms.get(place.matchId)
    room?.delete(connection)
    if (room?.size === 0) rooms.delete(place.matchId)
    return place
  }

  const placesIn = (matchId: MatchId): Place[] => [...(rooms.get(matchId)?.values() ?? [])]

  return {
    enter,
    leave,
    placeOf: (connection: ConnectionId) => places.get(connection),
    isConnected: (matchId: MatchId, playerId: PlayerId) =>
      placesIn(matchId).some((place) => place.playerId === playerId),
    /** The connected seats, and `spectator` once for all connected spectators. */
    viewers: (matchId: MatchId) => new Set(placesIn(matchId).map(({ seat }): Viewer => seat ?? 'spectator')),
    /** Removes all connections of one player from the room. */
    release(matchId: MatchId, playerId: PlayerId): void {
      for (const [connection, place] of [...(rooms.get(matchId) ?? [])])
        if (place.playerId === playerId) leave(connection)
      audience.release(matchId, playerId)
    },
    /** Sends `match:closed` to everyone and empties the room. */
    dismiss(matchId: MatchId, closing: Closing): void {
      for (const connection of rooms.get(matchId)?.keys() ?? []) places.delete(connection)
      rooms.delete(matchId)
      audience.dismiss(matchId, closing)
    },
    /** The number of connections that are in a match. */
    size: () => places.size,
  }
}
