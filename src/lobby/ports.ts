import type { Mode } from '../config/modes.ts'
import type { Offers, OpenedMatch } from '../machines/match/seat-news.ts'
import type { ConnectionId, EpochMs } from '../ports.ts'
import type { AnswerOf, TellsOf } from '../protocol/declare.ts'
import type { lobby } from '../protocol/events/lobby.ts'
import type { people } from '../protocol/events/people.ts'
import type { Ended } from '../protocol/events/session.ts'
import type { LobbyId, MatchId, PlayerId } from '../protocol/ids.ts'
import type { Accepted, Refusal } from '../protocol/reply.ts'

type Tells = TellsOf<typeof lobby>

/** Where an event is sent: to all connections of players, to the members of a lobby, and to single connections. */
export interface To {
  players?: readonly PlayerId[]
  lobby?: LobbyId
  connections?: readonly ConnectionId[]
  /** Left out of all these. */
  except?: ConnectionId
}
/** Sends an event. Players who are not connected miss it. */
export type Deliver = <E extends keyof Tells>(to: To, event: E, ...args: Parameters<Tells[E]>) => void

/** The players who are connected to the lobby. */
export interface People {
  /** To all tabs and devices of a player; lost when there are none. */
  tell<E extends keyof Tells>(playerId: PlayerId, event: E, ...args: Parameters<Tells[E]>): void
  isOnline(playerId: PlayerId): boolean
  /** Called when something has ended for a player, who may not be connected. */
  missed?(playerId: PlayerId, what: Omit<Ended, 'at'>): void
}

interface Someone {
  playerId: PlayerId
  name: string
  queuedAt: EpochMs
  /** Set where the maker of the match decides the teams. Without it, teams are filled in turn. */
  team?: number
}

/** The lobby that makes a match; its rematches belong to the lobby too. */
interface MadeBy {
  origin: { by: 'lobby'; lobbyId: LobbyId; isPrivate: boolean }
}
/** Makes matches. The seat index knows who sits in which. */
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

/** A match that was cancelled. `innocent` players are requeued, as old as before; `others` are not. */
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
  /** Players who gave up their seats, and get no other in this match. */
  left: readonly PlayerId[]
}

export interface Player {
  id: PlayerId
  name: string
  /** The rating that the game's backend gives a newcomer. */
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

/** The players whom each player has blocked. */
export interface Blocks {
  of(playerId: PlayerId): readonly PlayerId[]
}

/** The same, with questions about two players. */
export interface BlockLists extends Blocks {
  isBlocked(by: PlayerId, other: PlayerId): boolean
  /** Whether anybody has blocked the player. */
  isBlockedAtAll(player: PlayerId): boolean
}

/** Players who want to be matched together. */
export interface Groups {
  /** The party that the player is in, or null; members in the order of joining. */
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
  /** The next entries after a place, or from the top, best first. Rejects when the store is away. */
  leaderboard(mode: string, page: { after?: Place; limit: number }): Promise<Omit<Standing, 'rank'>[]>
  /** The profile of a player, or null for an unknown one. `online`: the player, if connected. Rejects likewise. */
  profile(
    playerId: PlayerId,
    online: Pick<Player, 'id' | 'rating'> | null,
  ): Promise<(Pick<Profile, 'ratings' | 'matches'> & { name: string | null }) | null>
}
