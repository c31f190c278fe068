import type { Mode } from '../../modes.ts'
import type { Log } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Rating, Ratings, RoomLeft } from '../ports.ts'

interface OpenMatchesParts {
  modes: ReadonlyMap<string, Mode>
  ratings: Ratings
  /** What the matchmaker is to know of a match, in place of what it knew. */
  tellRoom: (room: RoomLeft, ratingOf: (player: { id: string }) => Rating & { id: string }) => void
  log: Log
}

/** The matches that go on and would take more players, as their news comes in: of several the last one counts. */
export function createOpenMatches({ modes, ratings, tellRoom, log }: OpenMatchesParts) {
  const latest = new Map<MatchId, RoomLeft>()
  /** Those that have room, as they are known. */
  const open = new Map<MatchId, RoomLeft>()
  /** Matches that somebody is just being seated in. */
  const busy = new Set<MatchId>()

  function changed(room: RoomLeft): void {
    latest.set(room.matchId, room)
    if (room.teams) open.set(room.matchId, room)
    else open.delete(room.matchId)
    if (!busy.has(room.matchId)) void passOn(room)
  }

  async function passOn(room: RoomLeft): Promise<void> {
    const known = await ratingsOf(room).catch((err: unknown) => {
      log.error({ match: room.matchId, err }, 'room in a match was not offered')
      return null
    })
    if (latest.get(room.matchId) !== room || busy.has(room.matchId)) return
    latest.delete(room.matchId)
    if (known) tellRoom(room, ({ id }) => ({ id, ...(known.get(id as PlayerId) ?? { mu: 0, sigma: 0 }) }))
  }

  async function ratingsOf({ mode: modeId, teams }: RoomLeft): Promise<Map<PlayerId, Rating>> {
    const mode = modes.get(modeId)
    const players = mode ? (teams ?? []).flat() : []
    const found = await Promise.all(
      players.map(async ({ id }) => [id, await ratings.of(mode as Mode, { id })] as const),
    )
    return new Map(found)
  }

  /** Somebody blocks others than before: a match that they are in wants others, too. */
  function blocksChanged(playerId: PlayerId): void {
    for (const room of open.values()) if (room.teams?.flat().some(({ id }) => id === playerId)) changed(room)
  }

  /** Seats somebody; what the match says of its room meanwhile is passed on when that is done. */
  async function whileSeating<T>(matchId: MatchId, seat: () => Promise<T>): Promise<T> {
    busy.add(matchId)
    try {
      return await seat()
    } finally {
      busy.delete(matchId)
      const room = latest.get(matchId)
      if (room) void passOn(room)
    }
  }

  return { changed, blocksChanged, whileSeating }
}
