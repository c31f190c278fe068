import type { MatchSnapshot } from '../machines/match/match-step.ts'
import type { EpochMs } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchEvent, Outcome, Unrated } from '../protocol/match-view.ts'
import type { Uptime } from '../util/outage.ts'

export interface MatchCommit {
  matchId: MatchId
  /** Counts the owners of the match; a writer with an older epoch is no longer the owner. */
  epoch: number
  /** The `seq` of the last line written before, 0 for the first commit. */
  after: number
  snapshot: MatchSnapshot
  /** Numbered from `after + 1` without a gap; may be empty. */
  lines: readonly MatchEvent[]
  /** Present only in the commit that decides the match. */
  result?: PlayedMatch
}

/** How a match ended, for its players' history. */
export interface PlayedMatch {
  matchId: MatchId
  mode: string
  endedAt: EpochMs
  outcome: Outcome
  /** Seats by rank, best first; seats of equal rank share an entry. */
  placements: number[][]
  scores?: Record<number, number>
  disputed?: true
  /** Why a match of a rated mode did not count. */
  unrated?: Unrated
  players: { playerId: PlayerId; name: string; seat: number; team: number }[]
  /** The changes of its players' ratings, if it is rated. */
  ratings?: RatingChange[]
}

/** How often players were each other's opponents in rated results. */
export type Encounters = ReadonlyMap<PlayerId, ReadonlyMap<PlayerId, number>>

/** A player's estimated strength in a mode: a normal distribution, in points on the Elo scale. */
export interface Rating {
  mu: number
  sigma: number
}
/** The change of one player's rating by one match. */
export interface RatingChange {
  playerId: PlayerId
  before: Rating
  after: Rating
}
/** A player's rating in a mode. */
export interface Rated extends Rating {
  /** The number of matches it rests on; 0 for a seeded rating. */
  matches: number
}
/** A place on a leaderboard. */
export interface Place {
  points: number
  playerId: PlayerId
}
export interface Standing extends Place, Rated {
  name: string
}
/** What is stored about a player. */
export interface KnownPlayer {
  /** As of the last match, or null. */
  name: string | null
  ratings: (Rated & { mode: string })[]
}

/** A match as it was last stored. */
export interface MatchRecord {
  matchId: MatchId
  epoch: number
  seq: number
  /** As stored, perhaps by an older version of Muster: migrate it before use. */
  snapshot: unknown
}
/** A stored match whose record is damaged. */
export interface DamagedMatch {
  matchId: MatchId
  /** The damage, for the log. */
  why: string
}

/** Stores matches, results and ratings. */
export interface MatchStore {
  /**
   * Stores snapshot, lines and result in one transaction. Stores nothing and resolves to false when another owner writes
   * this match: the stored epoch is newer, or the stored last `seq` differs from `after`. Keeps a result that is already
   * stored, with its ratings. Stores nothing and resolves to `'outdated'` when a stored rating differs from the result's
   * `before`. Rejects when the store cannot write.
   */
  commit(commit: MatchCommit): Promise<boolean | 'outdated'>
  /** The lines after `seq`, oldest first; null when the match is not stored or some of these lines are deleted. */
  tail(matchId: MatchId, seq: number): Promise<readonly MatchEvent[] | null>
  /** Deletes the match and its log, and keeps its result. An unknown match changes nothing. */
  remove(matchId: MatchId): Promise<void>
  /** Every stored match. Damaged records are listed apart, and deleted by this call. */
  load(): Promise<{ matches: MatchRecord[]; damaged: DamagedMatch[] }>
  /** The player's last `limit` results, newest first. */
  history(playerId: PlayerId, limit: number): Promise<PlayedMatch[]>
  /** The stored ratings of these players in the mode. */
  ratings(mode: string, playerIds: readonly PlayerId[]): Promise<Map<PlayerId, Rated>>
  /**
   * How often each pair of these players were opponents in results of the mode that changed ratings and ended between the
   * two instants. Considers at most the last `limit` such results of each player, and reads at most a multiple of that.
   */
  encounters(
    mode: string,
    playerIds: readonly PlayerId[],
    among: { after: EpochMs; before: EpochMs; limit: number },
  ): Promise<Encounters>
  /** Stores the player's first rating. A player who has one keeps it. */
  seedRating(mode: string, playerId: PlayerId, rating: Rating): Promise<void>
  /** Players with all placement matches played, by points, then player id; starts behind `after`, or at the top. */
  leaderboard(mode: string, page: { after?: Place; limit: number }): Promise<Standing[]>
  /** The stored player; null without a result or a rating. */
  player(playerId: PlayerId): Promise<KnownPlayer | null>
  /** Records that the service is alive at this instant, with the machine's uptime if known. */
  beat(now: EpochMs, uptime?: Uptime | null): Promise<void>
  /** The instant of the last beat, or null. */
  lastBeat(): Promise<EpochMs | null>
  /** The machine's uptime at the last beat, or null. */
  lastUptime(): Promise<Uptime | null>
  /** Completes pending writes and releases all resources. */
  close(): Promise<void>
}
