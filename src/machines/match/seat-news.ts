import type { EpochMs } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Origin } from './match-context.ts'
import type { MatchSnapshot } from './match-step.ts'
import { isTaken, type Seat } from './seats.ts'

/** A seat as those outside of the match know it. */
export interface KnownSeat {
  playerId: PlayerId
  seat: number
  team: number
  /** Whether the player has not given it up. */
  isTaken: boolean
  /** Whether the player has not come yet; `keptUntil` is the seat's own limit, or null for the match's `joinBy`. */
  isReserved: boolean
  keptUntil: EpochMs | null
}

/** A player's seat in a match that goes on. */
export interface SeatOffer {
  matchId: MatchId
  mode: string
  seat: number
  team: number
  /** Until when the seat is kept for a player who has not come yet; null when the player has come. */
  joinBy: EpochMs | null
}
export type Offers = readonly { playerId: PlayerId; offer: SeatOffer }[]
/** A match that takes place if all its players accept it. */
export interface Proposal {
  matchId: MatchId
  mode: string
  acceptBy: EpochMs
  size: number
}
/** A match that was just made, and what to tell its players. */
export type OpenedMatch = { matchId: MatchId } & ({ proposal: Proposal } | { offers: Offers })

/** What a match tells of who sits where. All of it can be read off the open match again. */
export interface SeatNews {
  matchId: MatchId
  mode: string
  origin: Origin
  /**
   * `proposed`: its players have to accept it. `live`: it goes on. `over`: it is decided, and its players are free and
   * stay together until it is closed.
   */
  stage: 'proposed' | 'live' | 'over'
  /** Until when it can be accepted, where it is proposed. */
  acceptBy: EpochMs | null
  /** Until when reserved seats are kept, or null. */
  joinBy: EpochMs | null
  /** How many seats it has had, those given up included. */
  size: number
  /** The seats that are different from what was told before; all of them the first time. */
  seats: readonly KnownSeat[]
}

/** What to tell after a step, or null for nothing. `before` is the match as it was told last; null for one not yet told. */
export function seatNews(before: MatchSnapshot | null, snapshot: MatchSnapshot): SeatNews | null {
  const now = headOf(snapshot)
  const was = before && headOf(before)
  const seats = snapshot.context.seats.filter((seat, n) => !before || isOther(before.context.seats[n], seat))
  const isSame =
    was?.stage === now.stage &&
    was.acceptBy === now.acceptBy &&
    was.joinBy === now.joinBy &&
    was.origin === now.origin &&
    seats.length === 0
  return isSame ? null : { ...now, size: snapshot.context.seats.length, seats: seats.map(knownSeat) }
}

/** All that there is to tell of who sits where. */
export const seatsIn = (snapshot: MatchSnapshot): SeatNews => ({
  ...headOf(snapshot),
  size: snapshot.context.seats.length,
  seats: snapshot.context.seats.map(knownSeat),
})

/** A seat as its player is told of it. */
export const offerOf = (
  { matchId, mode, joinBy }: Pick<SeatNews, 'matchId' | 'mode' | 'joinBy'>,
  seat: KnownSeat,
): SeatOffer => ({
  matchId,
  mode,
  seat: seat.seat,
  team: seat.team,
  joinBy: seat.isReserved ? (seat.keptUntil ?? joinBy) : null,
})

export const proposalIn = ({ matchId, mode, acceptBy, size }: Omit<SeatNews, 'seats'>): Proposal => ({
  matchId,
  mode,
  acceptBy: acceptBy ?? 0,
  size,
})

/** What a match announces to its players: that they may accept it, or where they sit. */
export function announcementIn(
  match: Omit<SeatNews, 'seats'>,
  seats: Iterable<KnownSeat>,
): { proposal: Proposal } | { offers: Offers } {
  if (match.stage === 'proposed') return { proposal: proposalIn(match) }
  const taken = [...seats].filter(({ isTaken }) => isTaken)
  return { offers: taken.map((seat) => ({ playerId: seat.playerId, offer: offerOf(match, seat) })) }
}

export function headOf({ state, context }: MatchSnapshot): Omit<SeatNews, 'seats' | 'size'> {
  const { matchId, mode, origin, outcome, deadline } = context
  const isOver = outcome !== null
  const stage = isOver ? 'over' : state === 'proposed' ? 'proposed' : 'live'
  const acceptBy = stage === 'proposed' ? (deadline?.at ?? 0) : null
  const joinBy = deadline?.name === 'joinBy' ? deadline.at : null
  return { matchId, mode: mode.id, origin, stage, acceptBy, joinBy }
}

// Most steps leave the seats as they are, or note that a player is active.
function isOther(before: Seat | undefined, seat: Seat): boolean {
  if (before === seat) return false
  if (!before) return true
  return isTaken(before) !== isTaken(seat) || keptUntil(before) !== keptUntil(seat) || before.team !== seat.team
}

/** `undefined` for a seat whose player has come. */
const keptUntil = (seat: Seat): EpochMs | null | undefined =>
  seat.status === 'reserved' ? (seat.until ?? null) : undefined

export const knownSeat = (seat: Seat): KnownSeat => ({
  playerId: seat.playerId,
  seat: seat.seat,
  team: seat.team,
  isTaken: isTaken(seat),
  isReserved: seat.status === 'reserved',
  keptUntil: keptUntil(seat) ?? null,
})
