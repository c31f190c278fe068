import type { Mode } from '../../../config/modes.ts'
import type { Backfill, Proposal } from '../../../matchmaker/api.ts'
import type { Log } from '../../../ports.ts'
import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { Blocks, Ratings, RoomLeft } from '../../ports.ts'
import { createOfferedRooms } from './offered-rooms.ts'
import { type Terms, termsWith } from './terms.ts'

interface OpenMatchesParts {
  modes: ReadonlyMap<string, Mode>
  ratings: Ratings
  blocks: Blocks
  /** What the matchmaker is to know of a match, in place of what it knew; null when nobody may join any more. */
  offerRoom: (matchId: MatchId, room: Backfill | null) => void
  log: Log
}

/** The matches that go on and would take more players, as their news comes in: of several the last one counts. */
export function createOpenMatches({ modes, ratings, blocks, offerRoom, log }: OpenMatchesParts) {
  const rooms = createOfferedRooms()
  /** How many groups are just being seated in a match: taking its room back would take their proposals with it. */
  const busy = new Map<MatchId, number>()
  const agreed = new Map<MatchId, Terms>()

  function changed(room: RoomLeft): void {
    rooms.set(room)
    void passOn(room)
  }

  async function passOn(room: RoomLeft): Promise<void> {
    const { matchId, teams } = room
    try {
      const request = await requestFor(room)
      if (rooms.get(matchId) !== room || busy.has(matchId)) return
      if (!teams) rooms.delete(matchId)
      offerRoom(matchId, request)
    } catch (err) {
      // The store is away, or the match keeps a mode that has become smaller since.
      log.error({ match: matchId, err }, 'room in a match was not offered')
    }
  }

  async function requestFor({ matchId, mode: modeId, teams, left }: RoomLeft): Promise<Backfill | null> {
    const mode = modes.get(modeId)
    if (!teams || !mode) return null
    const rated = ({ id }: { id: PlayerId }) => ratings.of(mode, { id }).then((rating) => ({ id, ...rating }))
    const ratedTeams = await Promise.all(teams.map((team) => Promise.all(team.map(rated))))
    // Only now: who was matched into it meanwhile has a say too.
    const { region, ...terms } = agreed.get(matchId) ?? { region: null }
    return {
      id: matchId,
      mode: modeId,
      teams: ratedTeams,
      block: [...left, ...teams.flat().flatMap(({ id }) => blocks.of(id))],
      ...terms,
      ...(region !== null && { region }),
    }
  }

  /** Seats somebody; what the match says of its room meanwhile is passed on when that is done. */
  async function whileSeating<T>(matchId: MatchId, seat: () => Promise<T>): Promise<T> {
    busy.set(matchId, (busy.get(matchId) ?? 0) + 1)
    try {
      return await seat()
    } finally {
      const others = (busy.get(matchId) ?? 1) - 1
      if (others > 0) busy.set(matchId, others)
      else busy.delete(matchId)
      const room = rooms.get(matchId)
      if (room) void passOn(room)
    }
  }

  /** These have been matched into it: whoever joins them later is to suit them too. */
  function matched(matchId: MatchId, proposal: Proposal): void {
    if (!modes.get(proposal.mode)?.lateJoin) return
    agreed.set(matchId, termsWith(agreed.get(matchId), proposal))
    const room = rooms.get(matchId)
    if (room) void passOn(room)
  }

  /** A match that the player is in wants others than before. */
  function blocksChanged(playerId: PlayerId): void {
    for (const room of rooms.of(playerId)) void passOn(room)
  }

  function ended(matchId: MatchId): void {
    agreed.delete(matchId)
    const room = rooms.get(matchId)
    if (room?.teams) changed({ ...room, teams: null })
  }

  function letGo(): void {
    rooms.clear()
    agreed.clear()
  }

  return { changed, blocksChanged, whileSeating, matched, ended, letGo, size: () => agreed.size + rooms.size() }
}
