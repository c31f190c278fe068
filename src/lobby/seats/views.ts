import type { KnownSeat, SeatNews } from '../../machines/match/seat-news.ts'
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

const takenSeats = ({ seats }: KnownMatch): KnownSeat[] => [...seats.values()].filter(({ isTaken }) => isTaken)

/** The match as its lobby knows it; null when no lobby made it, or when it is over. */
export function lobbyMatchIn(match: KnownMatch): LobbyMatch | null {
  const { matchId, origin, stage } = match
  if (origin.by !== 'lobby' || stage === 'over') return null
  return { matchId, lobbyId: origin.lobbyId, players: takenSeats(match).map(({ playerId }) => playerId) }
}
