import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { RoomLeft } from '../../ports.ts'

/** What each open match last said of its room, found by the match and by those who are in it. */
export function createOfferedRooms() {
  const byMatch = new Map<MatchId, RoomLeft>()
  const byPlayer = new Map<PlayerId, Set<MatchId>>()

  function set(room: RoomLeft): void {
    remove(room.matchId)
    byMatch.set(room.matchId, room)
    for (const { id } of playersIn(room)) byPlayer.set(id, (byPlayer.get(id) ?? new Set()).add(room.matchId))
  }

  function remove(matchId: MatchId): void {
    const room = byMatch.get(matchId)
    if (!room) return
    byMatch.delete(matchId)
    for (const { id } of playersIn(room)) {
      const matches = byPlayer.get(id)
      matches?.delete(matchId)
      if (matches?.size === 0) byPlayer.delete(id)
    }
  }

  return {
    set,
    delete: remove,
    get: (matchId: MatchId): RoomLeft | undefined => byMatch.get(matchId),
    /** The rooms of the matches that the player is in: one at most times. */
    of: (playerId: PlayerId): RoomLeft[] =>
      [...(byPlayer.get(playerId) ?? [])].flatMap((matchId) => byMatch.get(matchId) ?? []),
    clear(): void {
      byMatch.clear()
      byPlayer.clear()
    },
    /** How many entries there are, also those that only help to find others. */
    size: (): number => byMatch.size + byPlayer.size,
  }
}

const playersIn = ({ teams }: RoomLeft) => teams?.flat() ?? []
