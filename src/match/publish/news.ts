import { hasRoom, type MatchContext, tooFewRemain } from '../../machines/match/match-context.ts'
import type { MatchSnapshot } from '../../machines/match/match-step.ts'
import { announcementIn, headOf, knownSeat, offerOf, seatsIn } from '../../machines/match/seat-news.ts'
import { isTaken, type LeftWhy, type Seat } from '../../machines/match/seats.ts'
import type { EpochMs, Log } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { inBrief } from '../inspect.ts'
import type { MatchEnding, MatchNews } from '../ports.ts'
import type { Committed } from '../runtime/stored-match.ts'

type Stored = Pick<Committed, 'before' | 'after' | 'lines'>

/** Reports the meaning of a stored step to queue, lobbies and operators. Each listener has its own fault boundary. */
export function createNewsPublisher({ news, log }: { news: MatchNews; log: Log }) {
  function publish(stored: Stored): void {
    const { before, after, lines } = stored
    const { matchId, outcome, mode } = after.context
    const isOver = outcome !== null && before.context.outcome === null
    if (isOver) log.info({ match: matchId, mode: mode.id, outcome, from: before.state }, 'match ended')
    tellAnswers(stored)
    tellLeavers(stored, newlyLeft(before.context.seats, after.context.seats))
    if (isBeforePlay(before.state) && !isBeforePlay(after.state) && outcome === null)
      news.began(matchId, teamsOf(after.context))
    if (mode.lateJoin && hasOtherRoom(stored)) tellRoom(after)
    if (before.state === 'proposed' && after.state !== 'proposed' && outcome === null) tellConfirmed(after)
    const delayed = delayedBetween(before, after)
    if (delayed.length > 0) news.delayed?.(matchId, delayed)
    const endings = endingsBetween(before, after)
    if (endings.length > 0) news.concluded?.(matchId, endings)
    if (isOver) news.ended(matchId)
    if (lines.some(({ type }) => type === 'state.changed')) news.changed?.(inBrief(after))
  }

  function tellConfirmed(snapshot: MatchSnapshot): void {
    const made = seatsIn(snapshot)
    const announced = announcementIn(made, made.seats)
    if ('offers' in announced) news.confirmed([...announced.offers])
  }

  function tellAnswers({ before, after }: Stored): void {
    const { matchId, seats, accepted } = after.context
    const told = before.context.accepted.length
    if (accepted.length === told) return
    const players = seats.filter(isTaken).map(playerOf)
    if (isProgress(told, accepted.length, players.length))
      news.progressed({ matchId, accepted: accepted.length, size: players.length, players })
  }

  /** A player who is out of a proposed match learns it at once, also when the match goes on. */
  function tellLeavers({ before, after }: Stored, leavers: Seat[]): void {
    const { matchId, origin, mode, seats, outcome } = after.context
    const wasProposed = before.state === 'proposed'
    const isOver = outcome !== null
    const cameToNothing = outcome === 'cancelled' || (outcome === 'aborted' && wasProposed)
    if ((cameToNothing && before.context.outcome === null) || (wasProposed && leavers.length > 0)) {
      const innocent = isOver ? seats.filter(isTaken) : []
      const reason = reasonOf(leavers)
      news.cancelled({ matchId, origin, mode: mode.id, reason, innocent, others: leavers, isOver, wasProposed })
    }
    if (!wasProposed && leavers.length > 0 && !isOver) news.left(matchId, leavers.map(playerOf), noShowsAmong(leavers))
    if (leavers.length > 0 && !isBeforePlay(before.state) && tooFewRemain(after.context)) {
      tellDeserters(before.context, after.context, leavers)
    }
  }

  // Dropping in the countdown and staying away counts like leaving.
  function tellDeserters(before: MatchContext, { matchId, origin }: MatchContext, leavers: readonly Seat[]): void {
    const deserters = leavers.filter(({ seat }) => isDeserted(before.seats[seat]))
    if (deserters.length > 0) news.deserted?.({ matchId, origin, players: deserters.map(playerOf) })
  }

  function tellRoom({ state, context }: MatchSnapshot): void {
    const { matchId, mode, seats } = context
    const isOpen = OPEN_TO_JOIN.has(state) && hasRoom(context)
    const taken = seats.filter(isTaken)
    const { teamCount } = mode
    const teams =
      teamCount === null
        ? taken.map((seat) => [playerIn(seat)])
        : Array.from({ length: teamCount }, (_, n) => taken.filter(({ team }) => team === n).map(playerIn))
    const left = seats.filter((seat) => !isTaken(seat)).map(playerOf)
    news.roomChanged({ matchId, mode: mode.id, teams: isOpen ? teams : null, left })
  }

  /** Another node owns the match now. */
  function tellFenced({ state, context }: MatchSnapshot): void {
    const { matchId, origin, mode, seats } = context
    if (state === 'proposed') {
      const about = { matchId, origin, mode: mode.id, reason: 'operator' as const }
      news.cancelled({ ...about, innocent: seats.filter(isTaken), others: [], isOver: true, wasProposed: true })
    }
    news.ended(matchId)
  }

  return { publish, tellFenced }
}

/** The players who gave up their seats in this step. */
export const newlyLeft = (before: readonly Seat[], after: readonly Seat[]): Seat[] =>
  before === after ? [] : after.filter((seat, n) => !isTaken(seat) && isTaken(before[n] ?? seat))

// A large match reports only every twentieth part; otherwise each of a thousand players would hear a thousand reports.
const PARTS_TOLD = 20

function isProgress(before: number, accepted: number, size: number): boolean {
  const partOf = (count: number) => (size <= PARTS_TOLD ? count : Math.floor((count * PARTS_TOLD) / size))
  return partOf(accepted) > partOf(before)
}

const hasOtherRoom = ({ before, after }: Stored): boolean =>
  before.context === after.context || before.context.seats !== after.context.seats || before.state !== after.state

/** A match that ends in one of these states is cancelled, and its players are requeued. */
const isBeforePlay = (state: MatchSnapshot['state']): boolean => ['proposed', 'gathering', 'countdown'].includes(state)
const OPEN_TO_JOIN: ReadonlySet<MatchSnapshot['state']> = new Set(['gathering', 'countdown', 'playing', 'paused'])

const isDeserted = (before: Seat | undefined): boolean => before?.status === 'away' && before.isBeforePlay === true

const playerOf = ({ playerId }: Seat): PlayerId => playerId
const playerIn = ({ playerId, name }: Seat) => ({ id: playerId, name })

const teamsOf = ({ seats }: MatchContext): PlayerId[][] =>
  [...Map.groupBy(seats.filter(isTaken), ({ team }) => team).values()].map((team) => team.map(playerOf))

const noShowsAmong = (leavers: readonly Seat[]): PlayerId[] =>
  leavers.filter((seat) => seat.status === 'left' && seat.why === 'noShow').map(playerOf)

/** The players for whom the match ended with this step, and why. Cancelled matches are reported separately. */
function endingsBetween(before: MatchSnapshot, { context }: MatchSnapshot): MatchEnding[] {
  const { outcome, seats } = context
  if (before.context.outcome !== null || before.state === 'proposed' || outcome === 'cancelled') return []
  const leavers = newlyLeft(before.context.seats, seats).flatMap((seat) => {
    const reason = seat.status === 'left' && LEFT[seat.why]
    return reason ? [{ playerId: playerOf(seat), reason }] : []
  })
  if (outcome === null) return leavers
  return [...leavers, ...seats.filter(isTaken).map((seat) => ({ playerId: playerOf(seat), reason: outcome }))]
}
const LEFT: Partial<Record<LeftWhy, MatchEnding['reason']>> = { forfeited: 'forfeited', quit: 'left' }

/** Why these players are out, or null. */
function reasonOf(leavers: readonly Seat[]): 'declined' | 'notAccepted' | 'noShow' | 'operator' {
  const why = new Set(leavers.flatMap((seat) => (seat.status === 'left' ? [seat.why] : [])))
  if (why.size === 0) return 'operator'
  if (why.has('quit') || why.has('declined')) return 'declined'
  return why.has('notAccepted') ? 'notAccepted' : 'noShow'
}

/** The players who have more time to answer, or to take their seat, than they were told. */
function delayedBetween(before: MatchSnapshot, after: MatchSnapshot): PlayerId[] {
  if (before.state !== after.state) return []
  const gained = after.context.seats.filter((seat, n) => {
    const former = before.context.seats[n]
    return (
      former !== undefined && (waitedFor(after, seat) ?? 0) > (waitedFor(before, former) ?? Number.POSITIVE_INFINITY)
    )
  })
  return gained.map(({ playerId }) => playerId)
}

function waitedFor(snapshot: MatchSnapshot, seat: Seat): EpochMs | null {
  const { state, context } = snapshot
  if (state === 'proposed') return isTaken(seat) ? (context.deadline?.at ?? null) : null
  // During play no seat is reserved, so nothing is computed.
  return seat.status === 'reserved' ? offerOf(headOf(snapshot), knownSeat(seat)).joinBy : null
}
