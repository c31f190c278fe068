import type { MatchContext } from '../machines/match/match-context.ts'
import type { MatchSnapshot } from '../machines/match/match-step.ts'
import { isTaken, type Seat, seatOf } from '../machines/match/seats.ts'
import type { EpochMs } from '../ports.ts'
import type { LobbyId, MatchId, PlayerId } from '../protocol/ids.ts'
import type { Deadline } from '../protocol/match-view.ts'
import type { MatchRuntime } from './match-runtime.ts'
import type { LiveSeat, MatchNews, Proposal } from './ports.ts'

/** A player or spectator of a match. */
export interface Member {
  matchId: MatchId
  playerId: PlayerId
}
export type MatchRegistry = ReturnType<typeof createMatchRegistry>

/** Which matches run on this node, and who sits in one that goes on: at most one for each player. */
export function createMatchRegistry(news: Pick<MatchNews, 'seatsChanged' | 'gone'> = {}) {
  const running = new Map<MatchId, MatchRuntime>()
  const seatedIn = new Map<PlayerId, MatchId>()
  /** The match that a player has just played, until it is closed. */
  const playedIn = new Map<PlayerId, MatchId>()
  const ofLobbies = new Map<LobbyId, Set<MatchRuntime>>()
  const givenUp = new Set<MatchId>()
  const setAside = new Map<MatchId, ReadonlySet<PlayerId>>()

  function add(runtime: MatchRuntime): void {
    const { seats, outcome, origin } = runtime.snapshot.context
    running.set(runtime.id, runtime)
    if (origin.by === 'lobby')
      ofLobbies.set(origin.lobbyId, (ofLobbies.get(origin.lobbyId) ?? new Set<MatchRuntime>()).add(runtime))
    if (outcome !== null) return
    // Who plays elsewhere by now, since the match was set aside for a while, is not taken away from there.
    for (const { playerId } of seats.filter(isTaken)) if (!seatedIn.has(playerId)) seatedIn.set(playerId, runtime.id)
  }

  const seat = ({ matchId, playerId }: Member): void => void seatedIn.set(playerId, matchId)

  function unseat(matchId: MatchId, players: readonly { playerId: PlayerId }[]): void {
    const leavers = players.map(({ playerId }) => playerId).filter((playerId) => seatedIn.get(playerId) === matchId)
    for (const playerId of leavers) seatedIn.delete(playerId)
    if (leavers.length > 0) news.seatsChanged?.(leavers)
  }

  function remove(runtime: MatchRuntime): void {
    const { id, snapshot } = runtime
    const { seats, origin } = snapshot.context
    running.delete(id)
    if (origin.by === 'lobby') {
      const others = ofLobbies.get(origin.lobbyId)
      others?.delete(runtime)
      if (others?.size === 0) ofLobbies.delete(origin.lobbyId)
    }
    unseat(id, seats)
    for (const { playerId } of seats) if (playedIn.get(playerId) === id) playedIn.delete(playerId)
    news.gone?.(id)
  }

  /** The match is decided: its players are free for another, and stay together until it is closed. */
  function played(matchId: MatchId, seats: readonly Seat[]): void {
    for (const { playerId } of seats.filter(isTaken)) playedIn.set(playerId, matchId)
    unseat(matchId, seats)
  }

  function placeOf(playerId: PlayerId): { runtime: MatchRuntime; seat: Seat } | null {
    const matchId = seatedIn.get(playerId)
    const runtime = matchId && running.get(matchId)
    const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
    // Nothing is said of a match before it is stored.
    return runtime && seat && runtime.position.seq > 0 ? { runtime, seat } : null
  }

  return {
    add,
    remove,
    seat,
    unseat,
    played,
    get: (matchId: MatchId) => running.get(matchId),
    all: () => [...running.values()],
    /** The matches that a lobby has made, until they are closed. */
    ofLobby: (lobbyId: LobbyId): MatchRuntime[] => [...(ofLobbies.get(lobbyId) ?? [])],
    isSeated: (playerId: PlayerId) => seatedIn.has(playerId),
    /** The match that a player was asked to accept, or undefined. */
    proposalOf(playerId: PlayerId): Proposal | undefined {
      const snapshot = placeOf(playerId)?.runtime.snapshot
      return snapshot?.state === 'proposed' ? proposalFrom(snapshot.context) : undefined
    },
    /** The one match that a player has a seat in and that has not ended, or undefined. */
    liveSeatOf(playerId: PlayerId): LiveSeat | undefined {
      const place = placeOf(playerId)
      if (!place || place.runtime.snapshot.state === 'proposed') return undefined
      return liveSeat(place.runtime.snapshot.context, place.seat)
    },
    /** The match that a player has a seat in, or the last one while it is open, with all who are still there; or null. */
    companyOf(playerId: PlayerId): { id: MatchId; players: PlayerId[] } | null {
      const id = seatedIn.get(playerId) ?? playedIn.get(playerId)
      const runtime = id && running.get(id)
      if (!runtime || runtime.position.seq === 0 || runtime.snapshot.state === 'proposed') return null
      const isHere = (seat: Seat) => isTaken(seat) && (seatedIn.get(seat.playerId) ?? id) === id
      const players = runtime.snapshot.context.seats.filter(isHere).map((seat) => seat.playerId)
      return players.includes(playerId) ? { id, players } : null
    },
    /** A match that could not be brought back: whoever asks for it is told so. */
    giveUp: (matchId: MatchId) => void givenUp.add(matchId),
    /** A match that cannot go on for now; its seats bind nobody meanwhile. */
    setAside: (matchId: MatchId, seats: readonly Seat[]) =>
      void setAside.set(matchId, new Set(seats.filter(isTaken).map(({ playerId }) => playerId))),
    isSetAside: ({ matchId, playerId }: Member) => setAside.get(matchId)?.has(playerId) ?? false,
    seatedElsewhere: ({ matchId, playerId }: Member) => (seatedIn.get(playerId) ?? matchId) !== matchId,
    isGivenUp: (matchId: MatchId) => givenUp.has(matchId),
    size: () => running.size,
    seated: () => seatedIn.size,
  }
}

/** The seat that a player has and has not given up, in a match as it is or as it would be; or null. */
export function memberSeat(runtime: { snapshot: MatchSnapshot } | undefined, playerId: PlayerId): Seat | null {
  const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
  return seat && isTaken(seat) ? seat : null
}

export const offersOf = (context: MatchContext): { playerId: PlayerId; offer: LiveSeat }[] =>
  context.seats.filter(isTaken).map((seat) => ({ playerId: seat.playerId, offer: liveSeat(context, seat) }))

export const proposalFrom = ({ matchId, mode, deadline, seats }: MatchContext): Proposal => ({
  matchId,
  mode: mode.id,
  acceptBy: deadline?.at ?? 0,
  size: seats.length,
})

const liveSeat = ({ matchId, mode, deadline }: MatchContext, full: Seat): LiveSeat => ({
  matchId,
  mode: mode.id,
  seat: full.seat,
  team: full.team,
  joinBy: joinByOf(full, deadline),
})

/** Until when a seat is kept for a player who has not come yet, or null. */
export function joinByOf(seat: Seat, deadline: Deadline | null): EpochMs | null {
  if (seat.status !== 'reserved') return null
  return seat.until ?? (deadline?.name === 'joinBy' ? deadline.at : null)
}
