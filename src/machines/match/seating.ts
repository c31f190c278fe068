import type { EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { MatchFact } from '../../protocol/match-view.ts'
import { graceEndsAt, seatDeadline } from './deadlines.ts'
import type { Change, MatchContext } from './match-context.ts'
import {
  away,
  isInMatch,
  isTaken,
  type LeftWhy,
  left,
  present,
  reserve,
  type Seat,
  type SeatedPlayer,
  seatOf,
  withSeat,
} from './seats.ts'

interface Came {
  playerId: PlayerId
  at: EpochMs
}
const nothing: Change = { next: {}, facts: [] }

/** Marks a player as present: joined, back, or still here. */
export function seatPlayer(context: MatchContext, { playerId, at }: Came): Change {
  const seat = seatOf(context.seats, playerId)
  if (!seat || seat.status === 'present' || seat.status === 'left') return nothing
  const seats = withSeat(context.seats, present(seat, at))
  const fact: MatchFact =
    seat.status === 'away'
      ? { type: 'player.back', seat: seat.seat }
      : { type: 'player.joined', seat: seat.seat, team: seat.team, playerId: seat.playerId, name: seat.name }
  return withHost(context, {
    next: { seats, isAwaitingReturn: context.isAwaitingReturn && seats.some(({ status }) => status === 'away') },
    facts: [fact],
  })
}

/** Adds a seat to the running match: in a team of its own, or in the smallest team. */
export function addSeat({ seats, spectators, mode }: MatchContext, player: SeatedPlayer, at: EpochMs): Change {
  const seat = seats.length
  const sizeOf = (team: number) => seats.filter((one) => one.team === team && isTaken(one)).length
  const teams = Array.from({ length: mode.teamCount ?? 0 }, (_, team) => team)
  const team = teams.sort((a, b) => sizeOf(a) - sizeOf(b) || a - b)[0] ?? seat
  // A spectator who takes a seat leaves as a spectator and joins as a player.
  const { playerId } = player
  const facts: MatchFact[] = spectators.some((one) => one.playerId === playerId)
    ? [{ type: 'spectator.left', playerId }]
    : []
  return {
    next: {
      seats: [...seats, reserve({ ...player, seat, team: player.team ?? team }, at + mode.joinMs)],
      spectators: spectators.filter((one) => one.playerId !== playerId),
    },
    facts,
  }
}

/** The player's last connection is gone; the seat waits. */
export function holdSeat(context: MatchContext, { playerId, at }: Came, isBeforePlay = false): Change {
  const seat = seatOf(context.seats, playerId)
  if (seat?.status !== 'present') return nothing
  const until = graceEndsAt(context, at)
  return {
    next: { seats: withSeat(context.seats, away(seat, until, isBeforePlay)) },
    facts: [{ type: 'player.away', seat: seat.seat, until }],
  }
}

/** The player gives the seat up, for good. */
export function vacateSeat(context: MatchContext, playerId: PlayerId, why: LeftWhy): Change {
  const seat = seatOf(context.seats, playerId)
  return seat && isTaken(seat) ? vacate(context, [[seat, why]]) : nothing
}

/** Gives up the seats whose offer or grace has run out. */
export function vacateOverdueSeats(context: MatchContext, at: EpochMs): Change {
  return vacateOverdue(context, at, [])
}

/** The same during play, where idle players forfeit too. `heard`: when each seat last sent a message. */
export function vacateOverdueAndIdleSeats(context: MatchContext, at: EpochMs, heard: Record<number, EpochMs>): Change {
  if (context.mode.idleMs === 0) return vacateOverdue(context, at, [])
  const awake = wakeUp(context, heard)
  const warned = warnIdle(awake, at)
  const asleep = awake.seats.filter(
    (seat) => seat.status === 'present' && seat.idleUntil !== null && seat.idleUntil <= at,
  )
  const { next, facts } = vacateOverdue({ ...awake, seats: warned.seats }, at, asleep)
  return { next: { seats: warned.seats, ...next }, facts: [...warned.facts, ...facts] }
}

function vacateOverdue(context: MatchContext, at: EpochMs, asleep: Seat[]): Change {
  const overdue = context.seats.flatMap((seat): [Seat, LeftWhy][] => {
    const why = asleep.some((one) => one.seat === seat.seat) ? 'forfeited' : whyOverdue(context, seat, at)
    return why ? [[seat, why]] : []
  })
  return vacate(context, overdue)
}

/** Marks a player as active. */
export function markActive(seats: readonly Seat[], seatNumber: number, at: EpochMs): Seat[] {
  return seats.map((seat) => (seat.seat === seatNumber && seat.status === 'present' ? present(seat, at) : seat))
}

function vacate(context: MatchContext, leaving: [Seat, LeftWhy][]): Change {
  if (leaving.length === 0) return nothing
  const whyOf = new Map(leaving.map(([seat, why]) => [seat.seat, why]))
  const seats = context.seats.map((seat) => {
    const why = whyOf.get(seat.seat)
    return why ? left(seat, why) : seat
  })
  return withHost(context, { next: { seats }, facts: leaving.map(([seat, why]) => vacated(seat, why)) })
}

const vacated = ({ seat }: Seat, why: LeftWhy): MatchFact =>
  why === 'forfeited' ? { type: 'player.forfeited', seat } : { type: 'player.left', seat, why }

function whyOverdue({ deadline }: MatchContext, seat: Seat, at: EpochMs): LeftWhy | null {
  if (seat.status === 'reserved') {
    const joinBy = seat.until ?? (deadline?.name === 'joinBy' ? deadline.at : null)
    return joinBy !== null && joinBy <= at ? 'noShow' : null
  }
  return seat.status === 'away' && seat.until <= at ? 'forfeited' : null
}

// A player who only sent messages was not idle.
function wakeUp(context: MatchContext, heard: Record<number, EpochMs>): MatchContext {
  const seats = context.seats.map((seat) => {
    const heardAt = heard[seat.seat]
    return heardAt !== undefined && seat.status === 'present' && heardAt > seat.activeAt ? present(seat, heardAt) : seat
  })
  return { ...context, seats }
}

function warnIdle({ seats, mode }: MatchContext, at: EpochMs): { seats: Seat[]; facts: MatchFact[] } {
  const facts: MatchFact[] = []
  const warned = seats.map((seat) => {
    const isDue =
      seat.status === 'present' && seat.idleUntil === null && (seatDeadline(seat, mode.idleMs) ?? at + 1) <= at
    if (!isDue) return seat
    const until = at + mode.idleMs
    facts.push({ type: 'player.idle', seat: seat.seat, until })
    return { ...seat, idleUntil: until }
  })
  return { seats: warned, facts }
}

// The host is the lowest seat in the match; the host keeps the role while away.
function withHost(context: MatchContext, { next, facts }: Change): Change {
  const seats = next.seats ?? context.seats
  const current = seats.find(({ seat }) => seat === context.host)
  if (current && isInMatch(current)) return { next, facts }
  const host = seats.find(isInMatch)?.seat ?? null
  if (host === context.host) return { next, facts }
  return { next: { ...next, host }, facts: [...facts, { type: 'host.changed', seat: host }] }
}

/** The seats that did not accept the proposed match in time. */
export const vacateUnaccepted = (context: MatchContext): Change =>
  vacate(
    context,
    context.seats
      .filter((seat) => isTaken(seat) && !context.accepted.includes(seat.seat))
      .map((seat) => [seat, 'notAccepted']),
  )
