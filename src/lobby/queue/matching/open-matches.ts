import type { Mode } from '../../../config/modes.ts'
import type { Backfill, Proposal } from '../../../matchmaker/api.ts'
import type { Log } from '../../../ports.ts'
import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { Blocks, Ratings, RoomLeft } from '../../ports.ts'
import { type Terms, termsWith } from './terms.ts'

interface OpenMatchesParts {
  modes: ReadonlyMap<string, Mode>
  ratings: Ratings
  blocks: Blocks
  /** The match that the player has a seat in, or undefined. */
  matchOf: (playerId: PlayerId) => MatchId | undefined
  /** Replaces what the matchmaker knows of a match; null when nobody may join any more. */
  offerRoom: (matchId: MatchId, room: Backfill | null) => void
  log: Log
}
/** A match that goes on and may take more players. */
interface OpenMatch {
  /** What the match last said of its room; null before it has said anything. */
  room: RoomLeft | null
  /** What the players who were matched into it have agreed on. */
  terms?: Terms
  /** Proposals whose players are being seated. Replacing the room in the matchmaker would take these back. */
  joining: Set<Proposal>
}

export type OpenMatches = ReturnType<typeof createOpenMatches>

/** The matches that go on and would take more players: their room, and who is on the way in. */
export function createOpenMatches({ modes, ratings, blocks, matchOf, offerRoom, log }: OpenMatchesParts) {
  const matches = new Map<MatchId, OpenMatch>()

  function matchWith(matchId: MatchId): OpenMatch {
    const match = matches.get(matchId) ?? { room: null, joining: new Set() }
    matches.set(matchId, match)
    return match
  }

  /** A match has more room, or less. Of several changes the last one counts. */
  function changed(room: RoomLeft): void {
    matchWith(room.matchId).room = room
    void passOn(room)
  }

  async function passOn(room: RoomLeft | null | undefined): Promise<void> {
    if (!room) return
    const { matchId, teams } = room
    try {
      const request = await requestFor(room)
      const match = matches.get(matchId)
      if (match?.room !== room || match.joining.size > 0) return
      if (!teams) matches.delete(matchId)
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
    // The terms are read last: players may have been matched into the match while ratings were read.
    const { region, ...terms } = matches.get(matchId)?.terms ?? { region: null }
    return {
      id: matchId,
      mode: modeId,
      teams: ratedTeams,
      block: [...left, ...teams.flat().flatMap(({ id }) => blocks.of(id))],
      ...terms,
      ...(region !== null && { region }),
    }
  }

  /** Seats the players of a proposal. What the match says of its room until then is passed on afterwards. */
  async function whileSeating<T>(matchId: MatchId, proposal: Proposal, seat: () => Promise<T>): Promise<T> {
    const { joining } = matchWith(matchId)
    joining.add(proposal)
    try {
      return await seat()
    } finally {
      joining.delete(proposal)
      const match = matches.get(matchId)
      if (match?.room) void passOn(match.room)
      else if (match && !match.terms) matches.delete(matchId)
    }
  }

  /** These players have been matched into it: whoever joins later has to suit them too. */
  function matched(matchId: MatchId, proposal: Proposal): void {
    if (!modes.get(proposal.mode)?.lateJoin) return
    const match = matchWith(matchId)
    match.terms = termsWith(match.terms, proposal)
    void passOn(match.room)
  }

  /** The match that the player is in now wants other players than before. */
  function blocksChanged(playerId: PlayerId): void {
    const matchId = matchOf(playerId)
    void passOn(matchId && matches.get(matchId)?.room)
  }

  function ended(matchId: MatchId): void {
    const match = matches.get(matchId)
    if (!match) return
    delete match.terms
    if (match.room?.teams) changed({ ...match.room, teams: null })
    else if (!match.room) matches.delete(matchId)
  }

  return {
    changed,
    blocksChanged,
    whileSeating,
    matched,
    ended,
    letGo: () => matches.clear(),
    size: () => matches.size,
  }
}
