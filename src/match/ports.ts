import type { Viewer } from '../config/rules.ts'
import type { Origin } from '../machines/match/match-context.ts'
import type { Offers, SeatNews } from '../machines/match/seat-news.ts'
import type { Cancel, ConnectionId, EpochMs } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchEvent, MatchState, Outcome, Result } from '../protocol/match-view.ts'

/** The same lines as each viewer may see them. */
export type Seen = ReadonlyMap<Viewer, readonly MatchEvent[]>

/** Whether the origin of a match lets this player watch it. */
export type MaySpectate = (origin: Origin, playerId: PlayerId) => boolean

/** What a connection is in a match. */
export interface Place {
  matchId: MatchId
  playerId: PlayerId
  /** Null for a spectator. */
  seat: number | null
  /** Whether its relay messages may contain bytes. */
  isBinaryAllowed: boolean
}
export interface Closing {
  outcome: Outcome
  result?: Result
}

/**
 * Delivers to the connections of `/match`, in the order of the calls. All arguments are plain data, so a connection may
 * belong to another process.
 */
export interface Audience {
  /** Lets the connection into the room `match:<id>`, and out of any other: it gets all that the room gets from now on. */
  enter(connection: ConnectionId, place: Place): void
  /** When each connected seat last came, or sent a message on the relay lane. */
  heard(matchId: MatchId): Record<number, EpochMs>
  /**
   * Sends the lines in order to everyone in `match:<id>`. With `seen`, each viewer gets its own lines; a line object that
   * several share is encoded once. Returns a promise when the room is too large for one turn of the loop.
   */
  tell(matchId: MatchId, lines: readonly MatchEvent[], seen?: Seen): void | Promise<void>
  /** Removes all connections of one player from the room. */
  release(matchId: MatchId, playerId: PlayerId): void
  /** Sends `match:closed` to everyone and empties the room. */
  dismiss(matchId: MatchId, closing: Closing): void
}

interface Someone {
  playerId: PlayerId
  name: string
  queuedAt: EpochMs
}
/** A match that ended before play, or went on without some of its players. */
interface Cancelled {
  matchId: MatchId
  origin: Origin
  mode: string
  reason: 'declined' | 'notAccepted' | 'noShow' | 'operator'
  /** The players who were not at fault. */
  innocent: Someone[]
  others: Someone[]
  /** False when the match goes on without the others. */
  isOver: boolean
  /** Whether the ready check was still running. */
  wasProposed: boolean
}
/** The players in each team of a running match; `teams` is null when it accepts no more players. */
interface RoomLeft {
  matchId: MatchId
  mode: string
  teams: { id: PlayerId; name: string }[][] | null
  /** The players who gave up their seats. */
  left: PlayerId[]
}

/** One line of a list of matches. */
export interface MatchInBrief {
  matchId: MatchId
  mode: string
  state: MatchState
  outcome: Outcome | null
  /** The number of seats that are not given up. */
  players: number
  spectators: number
}

/** How the match ended for a player. */
export interface MatchEnding {
  playerId: PlayerId
  reason: Exclude<Outcome, 'cancelled'> | 'forfeited' | 'left'
}
/** What the matches report to their origin (queue or lobby) and to operators. */
export interface MatchNews {
  /** Another player accepted a proposed match. */
  progressed(news: { matchId: MatchId; accepted: number; size: number; players: PlayerId[] }): void
  /** The seats are reserved: everyone accepted, or the mode has no ready check. */
  confirmed(offers: Offers): void
  cancelled(cancelled: Cancelled): void
  /** These players gave up their seats in a confirmed match that goes on; `noShows` never came. */
  left(matchId: MatchId, players: readonly PlayerId[], noShows: readonly PlayerId[]): void
  /** These players dropped before play and did not return in time. */
  deserted?(news: { matchId: MatchId; origin: Origin; players: PlayerId[] }): void
  /** The players of an ended match agreed on a rematch, which is stored now. */
  rematched?(news: { matchId: MatchId; rematchOf: MatchId; origin: Origin; offers: Offers }): void
  /** These players' match is over, or their seat is lost. */
  concluded?(matchId: MatchId, endings: readonly MatchEnding[]): void
  /** These players have more time to answer, or to take their seat, than they were told. */
  delayed?(matchId: MatchId, players: readonly PlayerId[]): void
  /** The player tried to take the seat while nothing could be stored. */
  cameInVain?(matchId: MatchId, playerId: PlayerId): void
  /** Play has begun. */
  began(matchId: MatchId, teams: PlayerId[][]): void
  /** A player came or went, in a mode with `lateJoin`. */
  roomChanged(room: RoomLeft): void
  /** A match opened, changed its state or closed. */
  changed?(match: MatchInBrief): void
  /** The match is decided or lost to this node; called once, after every other report. */
  ended(matchId: MatchId): void
  /** The match is closed, or no longer on this node. */
  gone?(matchId: MatchId): void
  /** The changed seats; called before every other report of a step. */
  seats?(news: SeatNews): void
}

/** The seat index of the title: which player sits in which match. */
export interface Seats {
  /** Keeps players from getting another seat while their match is being stored; the returned function releases them. */
  reserve(players: readonly PlayerId[]): Cancel
  /** Whether the player neither has a seat nor waits for one. */
  isFree(playerId: PlayerId): boolean
  /** Whether the player has a seat in another match. */
  isElsewhere(matchId: MatchId, playerId: PlayerId): boolean
}
