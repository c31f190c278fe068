import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { Deadline, MatchEvent, MatchState } from '../../src/protocol/match-view.ts'

interface SeatSeen {
  status: 'reserved' | 'present' | 'away' | 'left'
  /** The end of the grace of a player who is away. */
  awayUntil: EpochMs
  /** The limit of a seat offered in a running match; the log does not have it. */
  offeredUntil: EpochMs | null
  /** When a warned idle player forfeits, or null. */
  idleUntil: EpochMs | null
}

/** A match as derived from its log alone; small on purpose, so that reading it is enough to trust it. */
export interface Reference {
  state: MatchState | null
  deadline: Deadline | null
  seats: SeatSeen[]
  spectators: string[]
  host: number | null
  /** The last version by key, without properties of visibility `own`. */
  versions: Record<string, number>
  results: number
  nextMatch: string | null
}

export const newReference = (): Reference => ({
  state: null,
  deadline: null,
  seats: [],
  spectators: [],
  host: null,
  versions: {},
  results: 0,
  nextMatch: null,
})

/** Adds a seat; the log names its player when they come. */
export function seatThem(reference: Reference, { context }: MatchSnapshot): void {
  for (const [n, seat] of context.seats.entries()) {
    const offeredUntil = seat.status === 'reserved' ? (seat.until ?? null) : null
    const known = reference.seats[n]
    if (known) known.offeredUntil = offeredUntil ?? known.offeredUntil
    else reference.seats.push({ status: 'reserved', awayUntil: 0, offeredUntil, idleUntil: null })
  }
}

/** Applies the next line; returns its fault, or null. */
export function follow(reference: Reference, line: MatchEvent): string | null {
  if (reference.state === 'closed') return 'a line after the match was closed'
  switch (line.type) {
    case 'state.changed':
      // A repeated state, after clocks moved, ends no idle warning.
      if (line.state === 'playing' && reference.state !== 'playing')
        for (const seat of reference.seats) seat.idleUntil = null
      reference.state = line.state
      reference.deadline = line.deadline ?? null
      return null
    case 'player.joined':
      return seatMoves(reference, line.seat, ['reserved'], { status: 'present' })
    case 'player.back':
      return seatMoves(reference, line.seat, ['away'], { status: 'present' })
    case 'player.away':
      // A restart repeats it, with a new grace.
      return seatMoves(reference, line.seat, ['present', 'away'], { status: 'away', awayUntil: line.until })
    case 'player.left':
      return leftTooEarly(reference, line) ?? seatMoves(reference, line.seat, TAKEN, { status: 'left' })
    case 'player.forfeited':
      return forfeitedTooEarly(reference, line) ?? seatMoves(reference, line.seat, TAKEN, { status: 'left' })
    case 'player.idle':
      return seatMoves(reference, line.seat, ['present'], { status: 'present', idleUntil: line.until })
    case 'action':
      return line.seat === null ? null : seatActs(reference, line.seat)
    case 'property.set':
      return seatActs(reference, line.seat) ?? versionFollows(reference, line)
    case 'spectator.joined':
      reference.spectators.push(line.playerId)
      return null
    case 'spectator.left':
      reference.spectators = reference.spectators.filter((one) => one !== line.playerId)
      return null
    case 'host.changed':
      reference.host = line.seat
      return null
    case 'result.final':
      reference.results += 1
      return reference.results > 1 ? 'a second result' : null
    case 'rematch.agreed':
      if (reference.nextMatch !== null) return 'a second rematch'
      reference.nextMatch = line.matchId
      return null
    case 'result.claimed':
    case 'rematch.asked':
      return null
  }
}

const TAKEN = ['reserved', 'present', 'away'] as const

function seatMoves(
  { seats }: Reference,
  seatNumber: number,
  from: readonly SeatSeen['status'][],
  to: Partial<SeatSeen>,
): string | null {
  const seat = seats[seatNumber]
  if (!seat) return `there is no seat ${seatNumber}`
  if (!from.includes(seat.status)) return `seat ${seatNumber} was ${seat.status}`
  Object.assign(seat, { idleUntil: null }, to)
  return null
}

function seatActs({ seats }: Reference, seatNumber: number): string | null {
  const seat = seats[seatNumber]
  if (!seat || seat.status === 'left') return `seat ${seatNumber} acts and is given up`
  seat.idleUntil = null
  return null
}

function versionFollows({ versions }: Reference, { key, version }: MatchEvent & { type: 'property.set' }) {
  // Each seat has its own versions.
  if (key === 'hand') return null
  const before = Object.hasOwn(versions, key) ? (versions[key] ?? 0) : 0
  versions[key] = version
  return version === before + 1 ? null : `version ${version} of ${key} follows ${before}`
}

function leftTooEarly({ deadline, seats }: Reference, line: MatchEvent & { type: 'player.left' }): string | null {
  const { why, at, seat } = line
  const due = why === 'noShow' ? 'joinBy' : why === 'notAccepted' ? 'acceptBy' : null
  const offeredUntil = seats[seat]?.offeredUntil ?? null
  if (due === null || (offeredUntil !== null && offeredUntil <= at)) return null
  return deadline?.name === due && deadline.at <= at ? null : `left as ${why} before ${due}`
}

function forfeitedTooEarly({ seats }: Reference, { seat: seatNumber, at }: { seat: number; at: EpochMs }) {
  const seat = seats[seatNumber]
  const until = seat?.status === 'away' ? seat.awayUntil : (seat?.idleUntil ?? null)
  if (until === null) return `seat ${seatNumber} forfeited without having been told`
  return until <= at ? null : `seat ${seatNumber} forfeited ${until - at} ms too early`
}

/** The difference between the snapshot and the log, or null. */
export function differenceOf(reference: Reference, { state, context }: MatchSnapshot): string | null {
  const told = JSON.stringify([
    reference.state,
    reference.seats.map(({ status }) => status),
    reference.spectators,
    reference.host,
    reference.results > 0,
    reference.nextMatch,
  ])
  const stored = JSON.stringify([
    state,
    context.seats.map(({ status }) => status),
    context.spectators.map(({ playerId }) => playerId),
    context.host,
    context.result !== null,
    context.rematch?.matchId ?? null,
  ])
  return told === stored ? null : `told ${told}, stored ${stored}`
}
