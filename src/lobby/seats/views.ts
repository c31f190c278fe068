import type { KnownSeat, Offers, Proposal, SeatNews, SeatOffer } from '../../machines/match/seat-news.ts'
import type { LobbyId, MatchId, PlayerId } from '../../protocol/ids.ts'

/** A match and its seats, those given up included. */
export interface KnownMatch extends Omit<SeatNews, 'seats'> {
  seats: Map<PlayerId, KnownSeat>
}
/** A match that a lobby made, and the players who have a seat in it. */
export interface LobbyMatch {
  matchId: MatchId
  lobbyId: LobbyId
  players: readonly PlayerId[]
}

export const offerOf = (
  { matchId, mode, joinBy }: KnownMatch,
  { seat, team, isReserved, keptUntil }: KnownSeat,
): SeatOffer => ({
  matchId,
  mode,
  seat,
  team,
  joinBy: isReserved ? (keptUntil ?? joinBy) : null,
})

export const proposalIn = ({ matchId, mode, acceptBy, size }: KnownMatch): Proposal => ({
  matchId,
  mode,
  acceptBy: acceptBy ?? 0,
  size,
})

const takenSeats = ({ seats }: KnownMatch): KnownSeat[] => [...seats.values()].filter(({ isTaken }) => isTaken)

/** What the match announces to its players: that they may accept it, or where they sit. */
export function announcementIn(match: KnownMatch): { proposal: Proposal } | { offers: Offers } {
  if (match.stage === 'proposed') return { proposal: proposalIn(match) }
  return { offers: takenSeats(match).map((seat) => ({ playerId: seat.playerId, offer: offerOf(match, seat) })) }
}

/** The match as its lobby knows it; null when no lobby made it, or when it is over. */
export function lobbyMatchIn(match: KnownMatch): LobbyMatch | null {
  const { matchId, origin, stage } = match
  if (origin.by !== 'lobby' || stage === 'over') return null
  return { matchId, lobbyId: origin.lobbyId, players: takenSeats(match).map(({ playerId }) => playerId) }
}
