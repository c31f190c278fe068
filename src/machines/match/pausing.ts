import type { EpochMs } from '../../ports.ts'
import { later } from './deadlines.ts'
import type { Change, MatchContext } from './match-context.ts'
import { present } from './seats.ts'

/** Pause time that a seat has left, in ms. */
export const pauseLeftMs = ({ mode, paused }: MatchContext, seat: number): number =>
  Math.max(0, mode.pauseMs - (paused[seat] ?? 0))

/** How much must still be played before this seat may pause once more, in ms. */
export function pauseGapLeftMs({ mode, pauses, deadline }: MatchContext, seat: number, at: EpochMs): number {
  const last = pauses[seat]
  if (!last || deadline?.name !== 'endBy') return 0
  // What is left of the match shrinks by what is played, and by nothing else.
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

/** Lets the clocks of play go on where they stood. */
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
