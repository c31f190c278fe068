import type { Mode } from '../modes.ts'
import type { EpochMs } from '../ports.ts'
import type { TellsOf } from '../protocol/declare.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { lobby } from '../protocol/lobby.ts'

type Tells = TellsOf<typeof lobby>

/** The players who are connected to the lobby. */
export interface People {
  /** To all tabs and devices of a player; lost when there are none. */
  tell<E extends keyof Tells>(playerId: PlayerId, event: E, ...args: Parameters<Tells[E]>): void
  isOnline(playerId: PlayerId): boolean
}

/** A player's seat in a match that goes on. */
export interface SeatOffer {
  matchId: MatchId
  mode: string
  seat: number
  team: number
  /** Until when it is kept for a player who has not come yet; null when they have. */
  joinBy: EpochMs | null
}

/** Where matches are made. */
export interface MatchDesk {
  /** Makes a match and reserves a seat for each, in their order; null when that is impossible right now. */
  open(
    mode: Mode,
    players: readonly { playerId: PlayerId; name: string; queuedAt: EpochMs }[],
  ): Promise<SeatOffer[] | null>
  /** The one live match in which the player has a seat, or undefined. */
  liveSeatOf(playerId: PlayerId): SeatOffer | undefined
}
