import type { EpochMs } from '../../ports.ts'
import { later } from './deadlines.ts'
import type { Change, MatchContext } from './match-context.ts'
import { present } from './seats.ts'

/** Pause time that a seat has left, in ms. */
export const pauseLeftMs = ({ mode, paused }: MatchContext, seat: number): number =>
  Math.max(0, mode.pauseMs - (paused[seat] ?? 0))

/** The playing time until this seat may pause again, in ms. */
export function pauseGapLeftMs({ mode, pauses, deadline }: MatchContext, seat: number, at: EpochMs): number {
  const last = pauses[seat]
  if (!last || deadline?.name !== 'endBy') return 0
  // Only play reduces the time that is left of the match.
  return Math.max(0, mode.pauseGapMs - (last.playLeftMs - (deadline.at - at)))
}

/** Whether this seat has paused as often as the mode lets it. */
export const hasNoPauseLeft = ({ mode, pauses }: MatchContext, seat: number): boolean =>
  (pauses[seat]?.count ?? 0) >= mode.pauseCount

/** Stops the clocks of play. */
export function pause(context: MatchContext, seat: number, at: EpochMs): Change {
  const { deadline } = context
  if (!deadline) return { next: {}, facts: [] }
  const resumeBy = { name: 'resumeBy', at: at + pauseLeftMs(context, seat) }
  return { next: { pause: { seat, since: at, endBy: deadline }, deadline: resumeBy }, facts: [] }
}

/** Starts the clocks of play again where they stopped. */
export function resume({ pause, paused, pauses, game, seats }: MatchContext, at: EpochMs): Change {
  if (!pause) return { next: {}, facts: [] }
  const lostMs = Math.max(0, at - pause.since)
  const deadline = later(pause.endBy, lostMs)
  const count = (pauses[pause.seat]?.count ?? 0) + 1
  return {
    next: {
      pause: null,
      paused: { ...paused, [pause.seat]: (paused[pause.seat] ?? 0) + lostMs },
      pauses: { ...pauses, [pause.seat]: { count, playLeftMs: deadline.at - at } },
      deadline,
      game: game && { ...game, deadline: game.deadline && later(game.deadline, lostMs) },
      seats: seats.map((seat) => (seat.status === 'present' ? present(seat, at) : seat)),
    },
    facts: [],
  }
}
