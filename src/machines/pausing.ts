import { away, isInMatch, present, reserve, type Seat } from '../match/seats.ts'
import type { EpochMs } from '../ports.ts'
import type { Deadline, MatchFact } from '../protocol/match-view.ts'
import { later } from './deadlines.ts'
import type { Change, MatchContext } from './match-context.ts'

// Players are told to come back within 5 s, and need a moment to see where they are.
const COMEBACK_MS = 10_000

const notBefore = (deadline: Deadline, at: EpochMs): Deadline => (deadline.at < at ? { ...deadline, at } : deadline)

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

/**
 * The service was away for so long, and is back: no clock ran meanwhile, nobody is connected yet, and everyone who was in
 * the match has the whole grace to come back.
 */
export function restore(context: MatchContext, outageMs: number, at: EpochMs): Change {
  const { deadline, game, pause, mode, outcome } = context
  const shifted = deadline && notBefore(later(deadline, outageMs), at + COMEBACK_MS)
  const until = outcome !== null && shifted ? shifted.at : at + mode.graceMs
  const facts: MatchFact[] = []
  const seats = context.seats.map((seat): Seat => {
    if (seat.status === 'reserved' && seat.until !== undefined) return reserve(seat, seat.until + outageMs)
    if (!isInMatch(seat)) return seat
    facts.push({ type: 'player.away', seat: seat.seat, until })
    return away(seat, until)
  })
  for (const { playerId } of context.spectators) facts.push({ type: 'spectator.left', playerId })
  return {
    next: {
      seats,
      spectators: [],
      isAwaitingReturn: true,
      deadline: shifted,
      game: game && {
        ...game,
        deadline: game.deadline && notBefore(later(game.deadline, outageMs), at + COMEBACK_MS),
      },
      pause: pause && { ...pause, since: Math.min(at, pause.since + outageMs), endBy: later(pause.endBy, outageMs) },
    },
    facts,
  }
}
