import {
  announcementIn,
  type KnownSeat,
  offerOf,
  type Proposal,
  proposalIn,
  type SeatNews,
  type SeatOffer,
} from '../../machines/match/seat-news.ts'
import type { Cancel } from '../../ports.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import { createCounts } from '../../util/counts.ts'
import { type KnownMatch, type LobbyMatch, lobbyMatchIn } from './views.ts'

export type SeatIndex = ReturnType<typeof createSeatIndex>

/**
 * The one record of who sits in which match, fed by what the matches tell. A player has a seat in one match at most that
 * is not over; what comes first counts. `changed` hears of players who may have got a seat, or lost theirs.
 */
export function createSeatIndex(changed: (players: readonly PlayerId[]) => void = () => {}) {
  const matches = new Map<MatchId, KnownMatch>()
  const seatedIn = new Map<PlayerId, MatchId>()
  /** The match that a player has just played, until it is closed. */
  const playedIn = new Map<PlayerId, MatchId>()
  /** Players of matches that are being stored, and of how many. */
  const reserved = createCounts<PlayerId>()

  /** Keeps players from getting another seat while a match is made for them. */
  function reserve(players: readonly PlayerId[]): Cancel {
    for (const id of players) reserved.add(id)
    return () => {
      for (const id of players) reserved.remove(id)
    }
  }

  function update({ seats, ...head }: SeatNews): void {
    const known = matches.get(head.matchId)
    const match: KnownMatch = { ...head, seats: known?.seats ?? new Map() }
    matches.set(head.matchId, match)
    for (const seat of seats) match.seats.set(seat.playerId, seat)
    if (match.stage === 'over') end(match)
    else for (const seat of seats) place(match, seat)
    const concerned = known?.stage === match.stage ? seats : [...match.seats.values()]
    if (concerned.length > 0) changed(concerned.map(({ playerId }) => playerId))
  }

  function place({ matchId }: KnownMatch, { playerId, isTaken }: KnownSeat): void {
    const current = seatedIn.get(playerId)
    if (isTaken && current === undefined) seatedIn.set(playerId, matchId)
    if (!isTaken && current === matchId) seatedIn.delete(playerId)
  }

  function end({ matchId, seats }: KnownMatch): void {
    for (const { playerId, isTaken } of seats.values()) {
      if (seatedIn.get(playerId) === matchId) seatedIn.delete(playerId)
      if (isTaken) playedIn.set(playerId, matchId)
    }
  }

  /** The match is closed, or out of our hands. */
  function close(matchId: MatchId): void {
    const match = matches.get(matchId)
    if (!match) return
    matches.delete(matchId)
    for (const playerId of match.seats.keys()) {
      if (seatedIn.get(playerId) === matchId) seatedIn.delete(playerId)
      if (playedIn.get(playerId) === matchId) playedIn.delete(playerId)
    }
    changed([...match.seats.keys()])
  }

  function matchOf(playerId: PlayerId, stage: SeatNews['stage']): KnownMatch | undefined {
    const match = matches.get(seatedIn.get(playerId) as MatchId)
    return match?.stage === stage ? match : undefined
  }

  /** The one match that the player has a seat in and that goes on, or undefined. */
  function liveSeatOf(playerId: PlayerId): SeatOffer | undefined {
    const match = matchOf(playerId, 'live')
    const seat = match?.seats.get(playerId)
    return match && seat && offerOf(match, seat)
  }

  /** The match that the player was asked to accept, or undefined. */
  function proposalOf(playerId: PlayerId): Proposal | undefined {
    const match = matchOf(playerId, 'proposed')
    return match && proposalIn(match)
  }

  /** What the match announces to its players; null when it is gone. */
  function announcementOf(matchId: MatchId): ReturnType<typeof announcementIn> | null {
    const match = matches.get(matchId)
    return match ? announcementIn(match, match.seats.values()) : null
  }

  /** The match that a player has a seat in, or the last one while it is open, with all who are still there; or null. */
  function companyOf(playerId: PlayerId): { id: MatchId; players: PlayerId[] } | null {
    const id = seatedIn.get(playerId) ?? playedIn.get(playerId)
    const match = id && matches.get(id)
    if (!match || match.stage === 'proposed') return null
    const isHere = (seat: KnownSeat) => seat.isTaken && (seatedIn.get(seat.playerId) ?? id) === id
    const players = [...match.seats.values()].filter(isHere).map((seat) => seat.playerId)
    return players.includes(playerId) ? { id, players } : null
  }

  /** The matches of lobbies that are not over. */
  const ofLobbies = (): LobbyMatch[] => [...matches.values()].flatMap((match) => lobbyMatchIn(match) ?? [])

  return {
    reserve,
    update,
    close,
    liveSeatOf,
    proposalOf,
    announcementOf,
    companyOf,
    ofLobbies,
    /** Whether the player has a seat, was asked to accept one, or is about to get one. */
    isSeated: (playerId: PlayerId): boolean => seatedIn.has(playerId) || reserved.has(playerId),
    /** Whether the player has a seat in another match than this. */
    isElsewhere: (matchId: MatchId, playerId: PlayerId): boolean => (seatedIn.get(playerId) ?? matchId) !== matchId,
    /** Whether the match is there and not decided yet. */
    isGoingOn: (matchId: MatchId): boolean => (matches.get(matchId)?.stage ?? 'over') !== 'over',
    /** How many entries there are. */
    size: (): number => matches.size + seatedIn.size + playedIn.size + reserved.size(),
  }
}
