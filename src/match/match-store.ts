import type { MatchSnapshot } from '../machines/match-step.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { MatchEvent } from '../protocol/match-view.ts'

export interface MatchCommit {
  matchId: MatchId
  /** Counts the owners a match has had; who writes with an older one is no longer the owner. */
  epoch: number
  /** The `seq` of the last line written before, 0 for the first commit. */
  after: number
  snapshot: MatchSnapshot
  /** Numbered from `after + 1` without a gap; may be empty. */
  lines: readonly MatchEvent[]
}

/** Where matches outlive a step. */
export interface MatchStore {
  /**
   * Stores snapshot and lines together or not at all. Resolves to false, and stores nothing, when the match is on
   * record with a newer epoch or with another last `seq` than `after`: someone else writes this match.
   */
  commit(commit: MatchCommit): Promise<boolean>
  /** The lines after `seq`, oldest first; null when the match is not on record or some of them are no longer kept. */
  tail(matchId: MatchId, seq: number): Promise<readonly MatchEvent[] | null>
  /** Forgets the match and its log; nothing happens when there is none. */
  remove(matchId: MatchId): Promise<void>
}
