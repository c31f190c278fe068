import type { EpochMs } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import type { Origin } from './match-context.ts'
import type { MatchSnapshot } from './match-step.ts'
import { isTaken, type Seat } from './seats.ts'

/** A seat as the lobby side knows it. */
export interface KnownSeat {
  playerId: PlayerId
  seat: number
  team: number
  /** Whether the player still holds the seat. */
  isTaken: boolean
  /** Whether the seat waits for its player; `keptUntil` is the seat's own limit, or null for the match's `joinBy`. */
  isReserved: boolean
  keptUntil: EpochMs | null
}

/** A player's seat in a live match. */
export interface SeatOffer {
  matchId: MatchId
  mode: string
  seat: number
  team: number
  /** Until when the seat waits for its player; null once the player has come. */
  joinBy: EpochMs | null
}
export type Offers = readonly { playerId: PlayerId; offer: SeatOffer }[]
/** A match that begins if all its players accept it. */
export interface Proposal {
  matchId: MatchId
  mode: string
  acceptBy: EpochMs
  size: number
}
/** A match that was just made, and what to tell its players. */
export type OpenedMatch = { matchId: MatchId } & ({ proposal: Proposal } | { offers: Offers })

/** The seats of a match as it reports them. They can be derived from the open match at any time. */
export interface SeatNews {
  matchId: MatchId
  mode: string
  origin: Origin
  /**
   * `proposed`: players have to accept it. `live`: it is running. `over`: it is decided, and its players are free; they
   * stay together until it is closed.
   */
  stage: 'proposed' | 'live' | 'over'
  /** Until when it can be accepted; null unless it is proposed. */
  acceptBy: EpochMs | null
  /** Until when reserved seats are kept, or null. */
  joinBy: EpochMs | null
  /** The number of seats so far, including given-up ones. */
  size: number
  /** The seats that changed since the last report; all seats the first time. */
  seats: readonly KnownSeat[]
}

/**
 * The report after a step, or null when nothing changed. `before` is the match at the last report; null for the first.
 */
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

/** The report of all seats. */
export const seatsIn = (snapshot: MatchSnapshot): SeatNews => ({
  ...headOf(snapshot),
  size: snapshot.context.seats.length,
  seats: snapshot.context.seats.map(knownSeat),
})

/** A seat as its player hears of it. */
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

/** What a match announces to its players: the request to accept it, or their seats. */
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

/** `undefined` once the player has come. */
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
