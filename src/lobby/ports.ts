import type { Mode } from '../config/modes.ts'
import type { Offers, OpenedMatch } from '../machines/match/seat-news.ts'
import type { EpochMs } from '../ports.ts'
import type { AnswerOf, TellsOf } from '../protocol/declare.ts'
import type { lobby } from '../protocol/events/lobby.ts'
import type { people } from '../protocol/events/people.ts'
import type { Ended } from '../protocol/events/session.ts'
import type { LobbyId, MatchId, PlayerId } from '../protocol/ids.ts'
import type { Accepted, Refusal } from '../protocol/reply.ts'

type Tells = TellsOf<typeof lobby>

/** One of a player's connections to `/lobby`. */
export type ConnectionId = string

/** Where something is sent: to all connections of players, of the members of a lobby, and to single connections. */
export interface To {
  players?: readonly PlayerId[]
  lobby?: LobbyId
  connections?: readonly ConnectionId[]
  /** Left out of all these. */
  except?: ConnectionId
}
/** Sends an event; lost for whoever is not connected. */
export type Deliver = <E extends keyof Tells>(to: To, event: E, ...args: Parameters<Tells[E]>) => void

/** The players who are connected to the lobby. */
export interface People {
  /** To all tabs and devices of a player; lost when there are none. */
  tell<E extends keyof Tells>(playerId: PlayerId, event: E, ...args: Parameters<Tells[E]>): void
  isOnline(playerId: PlayerId): boolean
  /** Told of something that has ended for a player, in case they are not here to hear it. */
  missed?(playerId: PlayerId, what: Omit<Ended, 'at'>): void
}

interface Someone {
  playerId: PlayerId
  name: string
  queuedAt: EpochMs
  /** Where whoever makes the match decides it; otherwise teams are filled in turn. */
  team?: number
}

/** Who makes a match, where that is not the queue: its rematches are theirs too. */
interface MadeBy {
  origin: { by: 'lobby'; lobbyId: LobbyId; isPrivate: boolean }
}
/** Where matches are made. Who sits in which is asked of the seat index. */
export interface MatchService {
  /** Makes a match and reserves or proposes a seat for each, in their order; null when that is impossible right now. */
  open(mode: Mode, players: readonly Someone[], by?: MadeBy): Promise<OpenedMatch | null>
  /** Seats in a match that goes on, for all of these; null when it has no room for them, or is gone. */
  offerSeats(matchId: MatchId, players: readonly Someone[]): Promise<Offers | null>
  answerProposal(
    member: { matchId: MatchId; playerId: PlayerId },
    answer: 'accepted' | 'declined',
  ): Promise<Accepted | Refusal>
  /** Whether new matches can be stored right now. */
  isOpen(): boolean
}

/** A match that did not come about: who goes back to the queue, as old as before, and who does not. */
export interface CancelledMatch {
  matchId: MatchId
  mode: string
  reason: 'declined' | 'notAccepted' | 'noShow' | 'operator'
  innocent: readonly Someone[]
  others: readonly Someone[]
  /** False when the match goes on without the others. */
  isOver: boolean
  /** Whether it was still to be accepted. */
  wasProposed: boolean
}

/** A match that goes on and would take more players; without `teams` it takes none any more. */
export interface RoomLeft {
  matchId: MatchId
  mode: string
  teams: readonly (readonly { id: PlayerId; name: string }[])[] | null
  /** Those who have given up their seats, and get no other one in it. */
  left: readonly PlayerId[]
}

export interface Player {
  id: PlayerId
  name: string
  /** What the game's backend says of a newcomer. */
  rating?: number
}

/** How strong a player is believed to be, in points, and how far off that may be. */
export interface Rating {
  mu: number
  sigma: number
}
/** How strong players are. */
export interface Ratings {
  /**
   * The player's rating in a mode, which need not be a rated one. A newcomer has the first one, or, with `rating` from
   * the session, what the game's backend says, which is stored. Rejects when the store is away.
   */
  of(mode: Mode, player: { id: PlayerId; rating?: number }): Promise<Rating>
}

/** Whom players do not want to hear or meet. */
export interface Blocks {
  of(playerId: PlayerId): readonly PlayerId[]
}

/** The same, for who asks about two players. */
export interface BlockLists extends Blocks {
  isBlocked(by: PlayerId, other: PlayerId): boolean
  /** Whether anybody has blocked the player. */
  isBlockedAtAll(player: PlayerId): boolean
}

/** Those who want to be matched together. */
export interface Groups {
  /** The party that the player is in, or null; whoever has been in longest comes first. */
  groupOf(playerId: PlayerId): { leaderId: PlayerId; members: readonly Player[] } | null
}

/** A player who is connected, as their session knows them; null for anyone else. */
export type WhoIs = (playerId: PlayerId) => Player | null

type Standing = AnswerOf<(typeof people.requests)['leaderboard:get']>['entries'][number]
type Profile = AnswerOf<(typeof people.requests)['player:get']>
/** A place on a leaderboard; equals are in the order of their ids. */
export type Place = Pick<Standing, 'points' | 'playerId'>

/** What players have achieved. */
export interface RecordBook {
  /** The next ones behind a place, or from the top, best first. Rejects when the store is away. */
  leaderboard(mode: string, page: { after?: Place; limit: number }): Promise<Omit<Standing, 'rank'>[]>
  /** What is known of a player, null when nobody has heard of them; `online` when they are. Rejects likewise. */
  profile(
    playerId: PlayerId,
    online: Pick<Player, 'id' | 'rating'> | null,
  ): Promise<(Pick<Profile, 'ratings' | 'matches'> & { name: string | null }) | null>
}
