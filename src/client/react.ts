import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ConnectionStatus, Muster, Outcome, PlayerState, Refusal, Session } from './client.ts'
import type { ConfigTypes, GameOf, MatchRef, ModeId, MoveOf } from './game-types.ts'
import type { MatchListener } from './match/match-log.ts'
import type { MatchRoom, ViewWith } from './match/match-room.ts'

/** The player of a connection. The component is rendered again after each change. */
export function useMuster<Config extends ConfigTypes>(
  muster: Muster<Config>,
): { state: Muster<Config>['state']; status: ConnectionStatus; session: Session } {
  const { onState, onStatus } = muster as unknown as Muster
  const state = () => muster.state as PlayerState
  const status = () => muster.status
  return {
    state: useSyncExternalStore(onState, state, state) as Muster<Config>['state'],
    status: useSyncExternalStore(onStatus, status, status),
    session: muster.session,
  }
}

/** A match as a component sees it; everything is null until the server has answered. */
export interface RoomState<Move, Game> {
  /** The room, until the match is over for the player. */
  room: MatchRoom<Move, Game> | null
  /** The newest view; it stays after the end. */
  view: ViewWith<Game> | null
  /** Why the player could not join. */
  refusal: Refusal | null
  /** How the match ended: see `MatchListener.closed`. */
  closed: { outcome: Outcome | null; reason: string } | null
}
const NOTHING = { room: null, view: null, refusal: null, closed: null }

/**
 * Joins a match while the component is mounted, and renders it again after each change; null joins nothing. Unmounting
 * keeps the seat: `room.leave()` gives it up. A connection is in one match at a time, so use it in one component.
 */
export function useRoom<Config extends ConfigTypes, Mode extends ModeId<Config>>(
  muster: Muster<Config>,
  match: MatchRef<Mode> | null,
  heard?: MatchListener['message'],
): RoomState<MoveOf<Config, Mode>, GameOf<Config, Mode>> {
  type Visit = RoomState<MoveOf<Config, Mode>, GameOf<Config, Mode>>
  const matchId = typeof match === 'string' ? match : match?.matchId
  const [visit, setVisit] = useState<Visit & { matchId?: string }>(NOTHING)
  const message = useRef(heard)
  useEffect(() => {
    message.current = heard
  })

  useEffect(() => {
    if (matchId === undefined) return
    const unmounted = new AbortController()
    const { signal } = unmounted
    const show = (change: Partial<Visit>) => {
      if (signal.aborted) return
      setVisit((before) => ({ ...(before.matchId === matchId ? before : NOTHING), ...change, matchId }))
    }
    show(NOTHING)
    const joined = muster.joinMatch<Mode>(
      matchId,
      {
        changed: (view) => show({ view }),
        message: (fromSeat, data) => signal.aborted || message.current?.(fromSeat, data),
        closed: (outcome, reason) => show({ room: null, closed: { outcome, reason } }),
      },
      { signal },
    )
    joined.then(
      (room) => show(room.ok ? { room, view: room.view } : { refusal: room }),
      // Only an unmounted component aborts.
      () => {},
    )
    return () => unmounted.abort()
  }, [muster, matchId])

  return visit.matchId === matchId ? visit : NOTHING
}
