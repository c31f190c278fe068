import { present } from '../match/seats.ts'
import type { EpochMs } from '../ports.ts'
import { later } from './deadlines.ts'
import type { Change, MatchContext } from './match-context.ts'

/** Pause time that a seat has left, in ms. */
export const pauseLeftMs = ({ mode, paused }: MatchContext, seat: number): number =>
  Math.max(0, mode.pauseMs - (paused[seat] ?? 0))

/** Stops the clocks of play. */
export function pause(context: MatchContext, seat: number, at: EpochMs): Change {
  const { deadline } = context
  if (!deadline) return { next: {}, facts: [] }
  const resumeBy = { name: 'resumeBy', at: at + pauseLeftMs(context, seat) }
  return { next: { pause: { seat, since: at, endBy: deadline }, deadline: resumeBy }, facts: [] }
}

/** Lets the clocks of play go on where they stood. */
export function resume({ pause, paused, game, seats }: MatchContext, at: EpochMs): Change {
  if (!pause) return { next: {}, facts: [] }
  const lostMs = Math.max(0, at - pause.since)
  return {
    next: {
      pause: null,
      paused: { ...paused, [pause.seat]: (paused[pause.seat] ?? 0) + lostMs },
      deadline: later(pause.endBy, lostMs),
      game: game && { ...game, deadline: game.deadline && later(game.deadline, lostMs) },
      seats: seats.map((seat) => (seat.status === 'present' ? present(seat, at) : seat)),
    },
    facts: [],
  }
}
