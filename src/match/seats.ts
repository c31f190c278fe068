import type { EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'

/** Why a seat is given up: by its player, by never coming, or by staying away too long. */
export type LeftWhy = 'quit' | 'noShow' | 'forfeited'

type Status =
  | { status: 'reserved' }
  | { status: 'present' }
  | { status: 'away'; until: EpochMs }
  | { status: 'left'; why: LeftWhy }

/** Who a seat is for. `queuedAt` goes back with the player to the queue when the match does not come about. */
export interface SeatedPlayer {
  readonly playerId: PlayerId
  readonly name: string
  readonly queuedAt: EpochMs
}
interface Placement extends SeatedPlayer {
  readonly seat: number
  readonly team: number
}
/** A place in a match and what became of it. The status carries its own fields. */
export type Seat = Placement & Status

const placed = ({ seat, team, playerId, name, queuedAt }: Placement): Placement => ({
  seat,
  team,
  playerId,
  name,
  queuedAt,
})

export const reserve = (placement: Placement): Seat => ({ ...placed(placement), status: 'reserved' })
export const present = (seat: Seat): Seat => ({ ...placed(seat), status: 'present' })
export const away = (seat: Seat, until: EpochMs): Seat => ({ ...placed(seat), status: 'away', until })
export const left = (seat: Seat, why: LeftWhy): Seat => ({ ...placed(seat), status: 'left', why })

/** The seat that a player has, has had or was offered. */
export const seatOf = (seats: readonly Seat[], player: PlayerId): Seat | undefined =>
  seats.find((seat) => seat.playerId === player)

/** The same seats with one of them changed. */
export const withSeat = (seats: readonly Seat[], changed: Seat): Seat[] =>
  seats.map((seat) => (seat.seat === changed.seat ? changed : seat))

export const isTaken = (seat: Seat): boolean => seat.status !== 'left'

/** Players who are in the match: not given up, and not merely expected. */
export const isInMatch = (seat: Seat): boolean => seat.status === 'present' || seat.status === 'away'

/** The instant at which the first of the absent loses the seat, or null. */
export function nextForfeit(seats: readonly Seat[]): EpochMs | null {
  const instants = seats.flatMap((seat) => (seat.status === 'away' ? [seat.until] : []))
  return instants.length === 0 ? null : Math.min(...instants)
}
