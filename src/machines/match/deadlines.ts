import type { EpochMs } from '../../ports.ts'
import type { Deadline, MatchState } from '../../protocol/match-view.ts'
import type { MatchContext } from './match-context.ts'
import type { Seat } from './seats.ts'

/** How long a seat waits for a player who drops now: the grace, or until the room of an ended match closes. */
export const graceEndsAt = ({ outcome, deadline, mode }: MatchContext, now: EpochMs): EpochMs =>
  outcome !== null && deadline ? deadline.at : now + mode.graceMs

/** The instant at which a seat changes by itself: its offer, grace or idle limit runs out. */
export function seatDeadline(seat: Seat, idleMs: number): EpochMs | null {
  if (seat.status === 'away') return seat.until
  if (seat.status === 'reserved') return seat.until ?? null
  if (seat.status !== 'present' || idleMs === 0) return null
  return seat.idleUntil ?? seat.activeAt + idleMs
}

/** The next instant at which the match changes by itself, or null. */
export function nextDeadline(
  state: MatchState,
  { deadline, seats, outcome, game, mode }: MatchContext,
): EpochMs | null {
  const instants = deadline ? [deadline.at] : []
  // After the end no seat is forfeited; only closing is left.
  if (outcome === null) {
    const idleMs = state === 'playing' ? mode.idleMs : 0
    instants.push(...seats.flatMap((seat) => seatDeadline(seat, idleMs) ?? []))
  }
  if (state === 'playing' && game?.deadline) instants.push(game.deadline.at)
  return instants.length === 0 ? null : Math.min(...instants)
}

/** The deadline shown to players: the end of the turn if there is one, else that of the state. */
export const shownDeadline = (state: MatchState, { deadline, game }: MatchContext): Deadline | null =>
  (state === 'playing' ? game?.deadline : null) ?? deadline

/** The deadline, moved later. */
export const later = (deadline: Deadline, ms: number): Deadline => ({ ...deadline, at: deadline.at + ms })
