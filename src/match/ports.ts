import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchEvent, Outcome } from '../protocol/match-view.ts'

/** Those who are connected to a match. Seats decide who may be among them; this only delivers. */
export interface Audience {
  isConnected(matchId: MatchId, playerId: PlayerId): boolean
  /** To everyone in `match:<id>`, in this order. */
  tell(matchId: MatchId, lines: readonly MatchEvent[]): void
  /** Takes all connections of one player out of the room; they hear nothing more of it. */
  release(matchId: MatchId, playerId: PlayerId): void
  /** Says `match:closed` to everyone and empties the room. */
  dismiss(matchId: MatchId, outcome: Outcome): void
}
