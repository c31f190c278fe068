import type { EpochMs } from '../../ports.ts'
import type { Deadline, MatchFact } from '../../protocol/match-view.ts'
import { later } from './deadlines.ts'
import type { EventOf } from './machine-events.ts'
import type { Change, MatchContext } from './match-context.ts'
import { away, isInMatch, reserve, type Seat } from './seats.ts'

// Players are told to come back within 5 s, and need a moment to see where they are.
const COMEBACK_MS = 10_000
// The time limit of the heartbeat: a shorter outage breaks no connection.
const LINES_LAST_MS = 4_000

/** An outage for a match: the time to add to its instants, and whether its players lost their connections. */
interface Lost {
  ms: number
  at: EpochMs
  areLinesLost: boolean
}

/** Moves a window so that its remainder is as long as when the outage began. */
const moved = (instant: EpochMs, { ms, at }: Lost): EpochMs => Math.max(at, instant + ms)

/** The same for players who have to reconnect first. */
const movedPastReturn = (instant: EpochMs, lost: Lost): EpochMs =>
  lost.areLinesLost ? Math.max(moved(instant, lost), lost.at + COMEBACK_MS) : moved(instant, lost)

/** The same for players who have to answer or take a seat: the remainder, and the whole grace to come back. */
const movedWithGrace = (instant: EpochMs, lost: Lost, { mode }: MatchContext): EpochMs =>
  moved(instant, lost) + (lost.areLinesLost ? graceToReturn(mode.graceMs) : 0)

const graceToReturn = (graceMs: number): number => Math.max(graceMs, COMEBACK_MS)

function movedDeadline(deadline: Deadline, lost: Lost, context: MatchContext): Deadline {
  const isAnswer = deadline.name === 'acceptBy' || deadline.name === 'joinBy'
  const at = isAnswer ? movedWithGrace(deadline.at, lost, context) : movedPastReturn(deadline.at, lost)
  return { ...deadline, at }
}

/** The clocks of a match, with the outage added to each. */
function clocks(context: MatchContext, lost: Lost): Partial<MatchContext> {
  const { deadline, game, pause } = context
  return {
    deadline: deadline && movedDeadline(deadline, lost, context),
    game: game && { ...game, deadline: game.deadline && movedDeadline(game.deadline, lost, context) },
    pause: pause && {
      ...pause,
      since: Math.min(lost.at, pause.since + lost.ms),
      endBy: later(pause.endBy, lost.ms),
    },
  }
}

/** Adds an outage to every window of the match. */
export function addBack(context: MatchContext, outageMs: number, at: EpochMs): Change {
  const lost: Lost = { ms: outageMs, at, areLinesLost: outageMs >= LINES_LAST_MS }
  const facts: MatchFact[] = []
  const seats = context.seats.map((seat): Seat => {
    if (seat.status === 'reserved' && seat.until !== undefined)
      return reserve(seat, movedWithGrace(seat.until, lost, context))
    if (seat.status === 'present') {
      const idleUntil = seat.idleUntil === null ? null : moved(seat.idleUntil, lost)
      if (idleUntil !== null) facts.push({ type: 'player.idle', seat: seat.seat, until: idleUntil })
      return { ...seat, activeAt: Math.min(at, seat.activeAt + outageMs), idleUntil }
    }
    if (seat.status !== 'away') return seat
    const until = movedPastReturn(seat.until, lost)
    facts.push({ type: 'player.away', seat: seat.seat, until })
    return away(seat, until)
  })
  return { next: { ...clocks(context, lost), seats }, facts }
}

/**
 * Restores a match after an outage: adds the outage to every clock, marks all players as away and gives each the whole
 * grace to come back. After a moved clock, instants of the past move too.
 */
export function restore(
  context: MatchContext,
  { outageMs, jumpMs, lastBeat = null, at }: EventOf<'service.restored'>,
): Change {
  const lost: Lost = { ms: outageMs + jumpMs, at, areLinesLost: true }
  const moved = clocks(context, lost)
  const until =
    context.outcome !== null && moved.deadline ? moved.deadline.at : at + graceToReturn(context.mode.graceMs)
  const facts: MatchFact[] = []
  const seats = context.seats.map((one): Seat => {
    if (one.status === 'left') return one
    const seat = { ...one, queuedAt: Math.min(at, one.queuedAt + jumpMs) }
    if (seat.status === 'reserved' && seat.until !== undefined)
      return reserve(seat, movedWithGrace(seat.until, lost, context))
    if (!isInMatch(seat)) return seat
    facts.push({ type: 'player.away', seat: seat.seat, until })
    return away(seat, until)
  })
  for (const { playerId } of context.spectators) facts.push({ type: 'spectator.left', playerId })
  return { next: { ...moved, seats, spectators: [], isAwaitingReturn: true, restored: { at, lastBeat } }, facts }
}
