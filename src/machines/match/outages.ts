import type { EpochMs } from '../../ports.ts'
import type { Deadline, MatchFact } from '../../protocol/match-view.ts'
import { later } from './deadlines.ts'
import type { EventOf } from './machine-events.ts'
import type { Change, MatchContext } from './match-context.ts'
import { away, isInMatch, reserve, type Seat } from './seats.ts'

// Players are told to come back within 5 s, and need a moment to see where they are.
const COMEBACK_MS = 10_000
// The heartbeat's patience: a shorter outage breaks no connection.
const LINES_LAST_MS = 4_000

/** An outage as a match sees it: what is added to its instants, and whether players lost their connections. */
interface Lost {
  ms: number
  at: EpochMs
  areLinesLost: boolean
}

/** What was left of a window when the outage began is left of it now. */
const moved = (instant: EpochMs, { ms, at }: Lost): EpochMs => Math.max(at, instant + ms)

/** The same for who has to come back first. */
const movedPastReturn = (instant: EpochMs, lost: Lost): EpochMs =>
  lost.areLinesLost ? Math.max(moved(instant, lost), lost.at + COMEBACK_MS) : moved(instant, lost)

/** The same for who has to answer or to come: the remainder, and the whole grace to come back. */
const movedWithGrace = (instant: EpochMs, lost: Lost, { mode }: MatchContext): EpochMs =>
  moved(instant, lost) + (lost.areLinesLost ? graceToReturn(mode.graceMs) : 0)

const graceToReturn = (graceMs: number): number => Math.max(graceMs, COMEBACK_MS)

function movedDeadline(deadline: Deadline, lost: Lost, context: MatchContext): Deadline {
  const isAnswer = deadline.name === 'acceptBy' || deadline.name === 'joinBy'
  const at = isAnswer ? movedWithGrace(deadline.at, lost, context) : movedPastReturn(deadline.at, lost)
  return { ...deadline, at }
}

/** The clocks of a match, with what was lost added back to each. */
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

/** The service served nobody for so long, and goes on: nobody's window has become shorter. */
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
 * The service was not there for a while, and is back: no clock ran meanwhile, nobody is connected yet, and everyone who
 * was in the match has the whole grace to come back. A clock that was moved moves what it says of the past, too.
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
