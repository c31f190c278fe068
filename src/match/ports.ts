import type { Onlooker } from '../config/rules.ts'
import type { Origin } from '../machines/match/match-context.ts'
import type { Offers, SeatNews } from '../machines/match/seat-news.ts'
import type { Cancel, EpochMs } from '../ports.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchEvent, MatchState, Outcome, Result } from '../protocol/match-view.ts'

/** The same lines as each onlooker may see them. */
export type Seen = ReadonlyMap<Onlooker, readonly MatchEvent[]>

/** Those who are connected to a match. Seats decide who may be among them; this only delivers. */
export interface Audience {
  isConnected(matchId: MatchId, playerId: PlayerId): boolean
  /** When each connected seat last came, or sent a message on the relay lane. */
  heard(matchId: MatchId): Record<number, EpochMs>
  /** Whose eyes are on the match: the seats of those connected, and `spectator` once for all who look on. */
  onlookers(matchId: MatchId): Iterable<Onlooker>
  /**
   * To everyone in `match:<id>`, in this order. With `seen`, to each onlooker what it holds for them; a line that is the
   * same object for several is encoded once. Resolves when all is said, where there are too many for one turn of the loop.
   */
  tell(matchId: MatchId, lines: readonly MatchEvent[], seen?: Seen): void | Promise<void>
  /** Takes all connections of one player out of the room; they hear nothing more of it. */
  release(matchId: MatchId, playerId: PlayerId): void
  /** Says `match:closed` to everyone and empties the room. */
  dismiss(matchId: MatchId, closing: { outcome: Outcome; result?: Result }): void
}

interface Someone {
  playerId: PlayerId
  name: string
  queuedAt: EpochMs
}
/** How a match ended before it began, or for whom. */
interface Cancelled {
  matchId: MatchId
  origin: Origin
  mode: string
  reason: 'declined' | 'notAccepted' | 'noShow' | 'operator'
  /** Those who kept their part of the deal. */
  innocent: Someone[]
  others: Someone[]
  /** False when the match goes on without the others. */
  isOver: boolean
  /** Whether it was still to be accepted. */
  wasProposed: boolean
}
/** How much room a match that goes on has: who is in each of its teams, or null when it takes nobody any more. */
interface RoomLeft {
  matchId: MatchId
  mode: string
  teams: { id: PlayerId; name: string }[][] | null
  /** Those who have given up their seats. */
  left: PlayerId[]
}

/** One line of a list of matches. */
export interface MatchInBrief {
  matchId: MatchId
  mode: string
  state: MatchState
  outcome: Outcome | null
  /** Those with a seat that is not given up. */
  players: number
  spectators: number
}

/** What the matches say to whoever made them, and to whoever watches over them. */
export interface MatchNews {
  /** One more has accepted a proposed match. */
  progressed(news: { matchId: MatchId; accepted: number; size: number; players: PlayerId[] }): void
  /** Everyone has accepted, or there was nothing to accept: the seats are reserved. */
  confirmed(offers: Offers): void
  cancelled(cancelled: Cancelled): void
  /** These have given up their seats in a match that was sure, and goes on without them; `noShows` never came. */
  left(matchId: MatchId, players: readonly PlayerId[], noShows: readonly PlayerId[]): void
  /** These dropped before play began, and did not come back in time to a match that wanted them. */
  deserted?(news: { matchId: MatchId; origin: Origin; players: PlayerId[] }): void
  /** The players of a match that has ended have agreed on another one, which is there now. */
  rematched?(news: { matchId: MatchId; rematchOf: MatchId; origin: Origin; offers: Offers }): void
  /** For these the match is over, or their seat is lost. */
  concluded?(matchId: MatchId, endings: readonly { playerId: PlayerId; reason: string }[]): void
  /** These have longer to answer, or to take their seat, than they were told. */
  delayed?(matchId: MatchId, players: readonly PlayerId[]): void
  /** The player came to take the seat while nothing could be stored. */
  cameInVain?(matchId: MatchId, playerId: PlayerId): void
  /** Play has begun: from here on the match counts. */
  began(matchId: MatchId, teams: PlayerId[][]): void
  /** In a mode that lets players in late, whenever somebody comes or goes. */
  roomChanged(room: RoomLeft): void
  /** A match has opened, changed its state or closed. */
  changed?(match: MatchInBrief): void
  /** It is decided, or out of our hands; told once, after all else. */
  ended(matchId: MatchId): void
  /** It is closed, or no longer on this node. */
  gone?(matchId: MatchId): void
  /** Who sits where by now; told before everything else that a step brings. */
  seats?(news: SeatNews): void
}

/** Who sits in which match, of all matches of the title. */
export interface Seats {
  /** Keeps players from getting another seat while a match is made for them; returns what ends that. */
  reserve(players: readonly PlayerId[]): Cancel
  /** Whether the player has no seat, and waits for none. */
  isFree(playerId: PlayerId): boolean
  /** Whether the player has a seat in another match than this. */
  isElsewhere(matchId: MatchId, playerId: PlayerId): boolean
}
