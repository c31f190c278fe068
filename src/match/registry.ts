import type { MatchSnapshot } from '../machines/match/match-step.ts'
import { seatNews } from '../machines/match/seat-news.ts'
import { isTaken, type Seat, seatOf } from '../machines/match/seats.ts'
import type { LobbyId, MatchId, PlayerId } from '../protocol/ids.ts'
import type { MatchNews } from './ports.ts'
import type { MatchRuntime } from './runtime/match-runtime.ts'

/** A player or spectator of a match. */
export interface Member {
  matchId: MatchId
  playerId: PlayerId
}
export type MatchRegistry = ReturnType<typeof createMatchRegistry>

/** The matches that run on this node, and which of them have reported their seats. */
export function createMatchRegistry(news: Pick<MatchNews, 'seats' | 'gone'> = {}) {
  const running = new Map<MatchId, MatchRuntime>()
  const ofLobbies = new Map<LobbyId, Set<MatchRuntime>>()
  const givenUp = new Set<MatchId>()
  const setAside = new Map<MatchId, ReadonlySet<PlayerId>>()
  /** The matches that have reported all their seats. */
  const told = new Set<MatchId>()

  function add(runtime: MatchRuntime): void {
    const { origin } = runtime.snapshot.context
    running.set(runtime.id, runtime)
    if (origin.by === 'lobby')
      ofLobbies.set(origin.lobbyId, (ofLobbies.get(origin.lobbyId) ?? new Set<MatchRuntime>()).add(runtime))
  }

  function remove(runtime: MatchRuntime): void {
    const { id, snapshot } = runtime
    const { origin } = snapshot.context
    running.delete(id)
    told.delete(id)
    if (origin.by === 'lobby') {
      const others = ofLobbies.get(origin.lobbyId)
      others?.delete(runtime)
      if (others?.size === 0) ofLobbies.delete(origin.lobbyId)
    }
    news.gone?.(id)
  }

  /** Reports the seats that a stored step changed; all seats the first time. */
  function tellSeats(before: MatchSnapshot, after: MatchSnapshot): void {
    const { matchId } = after.context
    const changes = seatNews(told.has(matchId) ? before : null, after)
    told.add(matchId)
    if (changes) news.seats?.(changes)
  }

  return {
    add,
    remove,
    tellSeats,
    get: (matchId: MatchId) => running.get(matchId),
    all: () => [...running.values()],
    /** The lobby's matches that are not closed. */
    ofLobby: (lobbyId: LobbyId): MatchRuntime[] => [...(ofLobbies.get(lobbyId) ?? [])],
    /** Marks a match that could not be restored; requests for it get `MATCH_ABORTED`. */
    giveUp: (matchId: MatchId) => void givenUp.add(matchId),
    /** Marks a match that waits for its mode; its players are free to play elsewhere. */
    setAside: (matchId: MatchId, seats: readonly Seat[]) =>
      void setAside.set(matchId, new Set(seats.filter(isTaken).map(({ playerId }) => playerId))),
    isSetAside: ({ matchId, playerId }: Member) => setAside.get(matchId)?.has(playerId) ?? false,
    isGivenUp: (matchId: MatchId) => givenUp.has(matchId),
    size: () => running.size,
  }
}

/** The player's seat, unless it is given up; or null. */
export function memberSeat(runtime: { snapshot: MatchSnapshot } | undefined, playerId: PlayerId): Seat | null {
  const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
  return seat && isTaken(seat) ? seat : null
}
