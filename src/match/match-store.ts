import type { MatchSnapshot } from '../machines/match/match-step.ts'
import type { EpochMs } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchEvent, Outcome, Unrated } from '../protocol/match-view.ts'
import type { Uptime } from '../util/outage.ts'

export interface MatchCommit {
  matchId: MatchId
  /** Counts the owners a match has had; who writes with an older one is no longer the owner. */
  epoch: number
  /** The `seq` of the last line written before, 0 for the first commit. */
  after: number
  snapshot: MatchSnapshot
  /** Numbered from `after + 1` without a gap; may be empty. */
  lines: readonly MatchEvent[]
  /** With the commit that decides the match, and only then. */
  result?: PlayedMatch
}

/** How a match ended, for the history of those who played it. */
export interface PlayedMatch {
  matchId: MatchId
  mode: string
  endedAt: EpochMs
  outcome: Outcome
  /** Seats, best first; those of equal rank together. */
  placements: number[][]
  scores?: Record<number, number>
  disputed?: true
  /** Why it did not count although its mode is rated. */
  unrated?: Unrated
  players: { playerId: PlayerId; name: string; seat: number; team: number }[]
  /** What it did to the ratings of its players, where it is rated. */
  ratings?: RatingChange[]
}

/** How often players were each other's opponents in rated results. */
export type Encounters = ReadonlyMap<PlayerId, ReadonlyMap<PlayerId, number>>

/** What is believed of a player's strength in a mode: a normal distribution, in points like Elo's. */
export interface Rating {
  mu: number
  sigma: number
}
/** What one match does to one player's rating. */
export interface RatingChange {
  playerId: PlayerId
  before: Rating
  after: Rating
}
/** A player's rating in a mode. */
export interface Rated extends Rating {
  /** How many matches it comes from; 0 for one that was seeded. */
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
/** What is on record of a player. */
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
  /** As it was stored, perhaps by an older version of Muster: to be migrated before use. */
  snapshot: unknown
}
/** A match that is on record and cannot be trusted. */
export interface DamagedMatch {
  matchId: MatchId
  /** For the log: what does not add up. */
  why: string
}

/** Where matches outlive a step, and with some stores the process. */
export interface MatchStore {
  /**
   * Stores snapshot, lines and result together or not at all. Resolves to false, and stores nothing, when the match is
   * on record with a newer epoch or with another last `seq` than `after`: someone else writes this match. A result that
   * is on record already is left as it is, and so are the ratings that come with it. Resolves to `'outdated'`, and stores
   * nothing, when a rating is no longer the one that the result says it was before. Rejects when nothing can be stored
   * right now.
   */
  commit(commit: MatchCommit): Promise<boolean | 'outdated'>
  /** The lines after `seq`, oldest first; null when the match is not on record or some of them are no longer kept. */
  tail(matchId: MatchId, seq: number): Promise<readonly MatchEvent[] | null>
  /** Forgets the match and its log, not its result; nothing happens when there is none. */
  remove(matchId: MatchId): Promise<void>
  /** Every match on record; those whose record is damaged are named apart, once, and are no longer on record. */
  load(): Promise<{ matches: MatchRecord[]; damaged: DamagedMatch[] }>
  /** A player's last results, newest first. */
  history(playerId: PlayerId, limit: number): Promise<PlayedMatch[]>
  /** The ratings of those players who have one in the mode. */
  ratings(mode: string, playerIds: readonly PlayerId[]): Promise<Map<PlayerId, Rated>>
  /**
   * How often each of these players was whose opponent in results of the mode that changed ratings and ended between the
   * two instants. Looks at no more than the last `limit` of these, and some multiple of it in all, of each player.
   */
  encounters(
    mode: string,
    playerIds: readonly PlayerId[],
    among: { after: EpochMs; before: EpochMs; limit: number },
  ): Promise<Encounters>
  /** Gives the player a rating to begin with; nothing happens when there is one. */
  seedRating(mode: string, playerId: PlayerId, rating: Rating): Promise<void>
  /** Who has played their placement matches, by points, equals by player id, behind a place or from the top. */
  leaderboard(mode: string, page: { after?: Place; limit: number }): Promise<Standing[]>
  /** What is on record of a player; null when there is neither a result nor a rating. */
  player(playerId: PlayerId): Promise<KnownPlayer | null>
  /** Notes that the service is alive at this instant, and the machine's uptime where it says one. */
  beat(now: EpochMs, uptime?: Uptime | null): Promise<void>
  /** The last instant at which the service was noted alive, or null. */
  lastBeat(): Promise<EpochMs | null>
  /** The machine's uptime as it was noted with that, or null. */
  lastUptime(): Promise<Uptime | null>
  /** Writes what is still to be written and lets go of everything. */
  close(): Promise<void>
}
