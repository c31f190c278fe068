import { isInMatch, isTaken, nextForfeit, reserve, type Seat, type SeatedPlayer } from '../match/seats.ts'
import { type Mode, teamOf } from '../modes.ts'
import type { EpochMs } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { Deadline, Outcome } from '../protocol/match-view.ts'

/** What of its mode a match keeps for life, so that a change of the config never changes a running match. */
type MatchMode = Pick<Mode, 'id' | 'minSeats' | 'joinMs' | 'countdownMs' | 'graceMs' | 'maxMs' | 'rematchMs'>

export interface MatchContext {
  matchId: MatchId
  mode: MatchMode
  seats: Seat[]
  deadline: Deadline | null
  outcome: Outcome | null
}

/** Who sits where is decided by the order of the players. */
export interface MatchInput {
  matchId: MatchId
  mode: Mode
  players: readonly SeatedPlayer[]
  at: EpochMs
}

export function openingContext({ matchId, mode, players, at }: MatchInput): MatchContext {
  const { id, minSeats, joinMs, countdownMs, graceMs, maxMs, rematchMs } = mode
  return {
    matchId,
    mode: { id, minSeats, joinMs, countdownMs, graceMs, maxMs, rematchMs },
    seats: players.map((player, seat) => reserve({ ...player, seat, team: teamOf(mode, seat) })),
    deadline: { name: 'joinBy', at: at + joinMs },
    outcome: null,
  }
}

/** How long a seat waits for a player who drops now: the grace, or until the room of an ended match closes. */
export const graceEndsAt = ({ outcome, deadline, mode }: MatchContext, now: EpochMs): EpochMs =>
  outcome !== null && deadline ? deadline.at : now + mode.graceMs

/** The next instant at which the match changes by itself, or null: its own deadline, or a grace that runs out. */
export function nextDeadline({ deadline, seats, outcome }: MatchContext): EpochMs | null {
  // Once a match has ended nobody forfeits any more; only the closing is left.
  const forfeit = outcome === null ? nextForfeit(seats) : null
  if (deadline === null || forfeit === null) return deadline?.at ?? forfeit
  return Math.min(deadline.at, forfeit)
}

export const tooFewRemain = ({ seats, mode }: MatchContext): boolean => seats.filter(isTaken).length < mode.minSeats

export const everyoneIsHere = ({ seats }: MatchContext): boolean =>
  seats.filter(isTaken).every((seat) => seat.status === 'present')

export const nobodyRemains = ({ seats }: MatchContext): boolean => !seats.some(isInMatch)

export const nobodyIsConnected = ({ seats }: MatchContext): boolean => !seats.some((seat) => seat.status === 'present')
