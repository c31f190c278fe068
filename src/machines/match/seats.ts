import type { EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'

/** Why a seat is given up. */
export type LeftWhy = 'quit' | 'noShow' | 'forfeited' | 'declined' | 'notAccepted'

type Status =
  /** Until the match's `joinBy`; a late joiner's seat has an instant of its own. */
  | { status: 'reserved'; until?: EpochMs }
  /** `activeAt`: the player's last activity; `idleUntil`: the limit of an idle player who was warned. */
  | { status: 'present'; activeAt: EpochMs; idleUntil: EpochMs | null }
  /** `isBeforePlay`: dropped in the countdown, and has not come back since. */
  | { status: 'away'; until: EpochMs; isBeforePlay?: true }
  | { status: 'left'; why: LeftWhy }

/** The player of a seat. `queuedAt` goes back to the queue with the player when the match fails. */
export interface SeatedPlayer {
  readonly playerId: PlayerId
  readonly name: string
  readonly queuedAt: EpochMs
  /** Set when the origin assigned the teams; otherwise teams are filled in turn. */
  readonly team?: number
}
interface Placement extends SeatedPlayer {
  readonly seat: number
  readonly team: number
}
/** A place in a match. Each status has its own fields. */
export type Seat = Placement & Status

const placed = ({ seat, team, playerId, name, queuedAt }: Placement): Placement => ({
  seat,
  team,
  playerId,
  name,
  queuedAt,
})

export const reserve = (placement: Placement, until?: EpochMs): Seat => ({
  ...placed(placement),
  status: 'reserved',
  ...(until !== undefined && { until }),
})
export const present = (seat: Seat, now: EpochMs): Seat => ({
  ...placed(seat),
  status: 'present',
  activeAt: now,
  idleUntil: null,
})
export const away = (seat: Seat, until: EpochMs, isBeforePlay = false): Seat => ({
  ...placed(seat),
  status: 'away',
  until,
  ...(isBeforePlay && { isBeforePlay }),
})
export const left = (seat: Seat, why: LeftWhy): Seat => ({ ...placed(seat), status: 'left', why })

/** The player's seat: taken, offered or given up. */
export const seatOf = (seats: readonly Seat[], player: PlayerId): Seat | undefined =>
  seats.find((seat) => seat.playerId === player)

/** The same seats with one of them changed. */
export const withSeat = (seats: readonly Seat[], changed: Seat): Seat[] =>
  seats.map((seat) => (seat.seat === changed.seat ? changed : seat))

export const isTaken = (seat: Seat): boolean => seat.status !== 'left'

export const isPresent = (seat: Seat): boolean => seat.status === 'present'

/** Whether the player is in the match: present or away. */
export const isInMatch = (seat: Seat): boolean => seat.status === 'present' || seat.status === 'away'
