import type { MatchContext } from '../machines/match-context.ts'
import { openMatch, viewOf } from '../machines/match-step.ts'
import type { Mode } from '../modes.ts'
import type { Clock, Log, NewId } from '../ports.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { match } from '../protocol/match.ts'
import type { MatchState, Outcome } from '../protocol/match-view.ts'
import { accept, type Refusal, type Reply, refuse } from '../protocol/reply.ts'
import { type Listener, MatchRuntime } from './match-runtime.ts'
import type { MatchStore } from './match-store.ts'
import type { Audience } from './ports.ts'
import { isTaken, type Seat, type SeatedPlayer, seatOf } from './seats.ts'

type Join = PayloadOf<(typeof match.requests)['match:join']>
export type Joined = AnswerOf<(typeof match.requests)['match:join']>
/** A log position that a client has seen everything up to. */
type Position = NonNullable<Join['since']>

/** A player's place in a match that still goes on. */
export interface LiveSeat {
  matchId: MatchId
  mode: string
  seat: number
  team: number
  /** Until when the seat is kept for a player who has not come yet, or null. */
  joinBy: number | null
}
/** How a match ended before it began. */
interface Cancelled {
  matchId: MatchId
  mode: string
  reason: 'declined' | 'noShow'
  /** Those who kept their part of the deal. */
  innocent: SeatedPlayer[]
  others: SeatedPlayer[]
}
export interface MatchesParts {
  store: MatchStore
  audience: Audience
  clock: Clock
  newId: NewId
  log: Log
  onCancelled(cancelled: Cancelled): void
}
interface Visit {
  matchId: MatchId
  playerId: PlayerId
  since?: Position | undefined
  /**
   * Called within the match's turn, with the view as it is then, so that whoever lets the player in misses no line
   * and hears none twice.
   */
  admit: (joined: Joined) => void
}

/** The matches that this node owns. */
export type Matches = ReturnType<typeof createMatches>

export function createMatches({ store, audience, clock, newId, log, onCancelled }: MatchesParts) {
  const running = new Map<MatchId, MatchRuntime>()
  const seatedIn = new Map<PlayerId, MatchId>()

  /** Makes a match and reserves its seats, in the order of the players; null when the store would not have it. */
  async function open(mode: Mode, players: readonly SeatedPlayer[]): Promise<LiveSeat[] | null> {
    const matchId = newId() as MatchId
    const { snapshot, facts } = openMatch({ matchId, mode, players, at: clock.now() })
    const runtime = new MatchRuntime({ store, clock, log, listener: listenerOf(matchId) }, { snapshot, epoch: 1 })
    running.set(matchId, runtime)
    for (const { playerId } of players) seatedIn.set(playerId, matchId)
    const begun = await runtime.begin(facts).catch((fault: unknown) => {
      log.error({ match: matchId, err: fault }, 'match could not be stored')
      return false
    })
    if (!begun) {
      forget(
        matchId,
        players.map(({ playerId }) => playerId),
      )
      return null
    }
    log.info({ match: matchId, mode: mode.id, players: players.length }, 'match opened')
    return players.flatMap(({ playerId }) => liveSeatOf(playerId) ?? [])
  }

  /** The one match that a player has a seat in and that has not ended, or undefined. */
  function liveSeatOf(playerId: PlayerId): LiveSeat | undefined {
    const runtime = running.get(seatedIn.get(playerId) ?? ('' as MatchId))
    const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
    if (!runtime || !seat) return undefined
    const { context } = runtime.snapshot
    const joinBy = seat.status === 'reserved' && context.deadline?.name === 'joinBy' ? context.deadline.at : null
    return { matchId: runtime.id, mode: context.mode.id, seat: seat.seat, team: seat.team, joinBy }
  }

  const takenSeat = (runtime: MatchRuntime | undefined, playerId: PlayerId): Seat | undefined => {
    const seat = runtime && seatOf(runtime.snapshot.context.seats, playerId)
    return seat && isTaken(seat) ? seat : undefined
  }

  async function join({ matchId, playerId, since, admit }: Visit): Promise<Joined | Refusal> {
    const runtime = running.get(matchId)
    if (!runtime || !takenSeat(runtime, playerId)) return refuse('NOT_FOUND')
    return visit(runtime, { matchId, playerId, since, admit }, () => ({ type: 'player.joined', playerId }))
  }

  async function sync({ matchId, playerId, since, admit }: Visit): Promise<Joined | Refusal> {
    const runtime = running.get(matchId)
    if (!runtime) return refuse('NOT_IN_MATCH')
    return visit(runtime, { matchId, playerId, since, admit }, () => null)
  }

  async function visit(
    runtime: MatchRuntime,
    { playerId, since, admit }: Visit,
    event: () => { type: 'player.joined'; playerId: PlayerId } | null,
  ): Promise<Joined | Refusal> {
    if (runtime.isFull) return refuse('OVERLOADED')
    let reply: Joined | Refusal = refuse('NOT_FOUND')
    await runtime.post(event, async () => {
      const seat = takenSeat(runtime, playerId)
      if (!seat || runtime.isClosed) return
      const { epoch, seq } = runtime.position
      const events = since?.epoch === epoch ? ((await store.tail(runtime.id, since.seq)) ?? []) : []
      const you = { seat: seat.seat, team: seat.team }
      reply = accept({ match: viewOf(runtime.snapshot), you, epoch, seq, events: [...events] })
      admit(reply)
    })
    return reply
  }

  /** Gives the seat up for good. */
  async function quit(matchId: MatchId, playerId: PlayerId): Promise<Reply> {
    const runtime = running.get(matchId)
    if (!runtime || !takenSeat(runtime, playerId)) return refuse('NOT_IN_MATCH')
    if (runtime.isFull) return refuse('OVERLOADED')
    await runtime.post({ type: 'player.quit', playerId })
    return accept({})
  }

  /** To be said when a connection of a player is gone. Other tabs count: only the last one's going is a drop. */
  function connectionLost(matchId: MatchId, playerId: PlayerId): void {
    const runtime = running.get(matchId)
    const drop = () => (audience.isConnected(matchId, playerId) ? null : { type: 'player.dropped' as const, playerId })
    runtime?.post(drop).catch((fault: unknown) => {
      log.error({ match: matchId, player: playerId, err: fault }, 'drop could not be stored')
    })
  }

  /** Ends every match as aborted: for a process that stops and has nowhere to keep them. */
  async function abortAll(): Promise<void> {
    await Promise.allSettled([...running.values()].map((runtime) => runtime.post({ type: 'match.faulted' })))
  }

  function listenerOf(matchId: MatchId): Listener {
    return {
      committed({ before, after, lines }) {
        const { state, context } = after
        audience.tell(matchId, lines)
        for (const { playerId } of newlyLeft(before.context.seats, context.seats)) {
          audience.release(matchId, playerId)
          unseat(matchId, playerId)
        }
        if (context.outcome === null) return
        for (const { playerId } of context.seats) unseat(matchId, playerId)
        if (before.context.outcome === null) ended(context, before.state)
        if (state === 'closed') close(matchId, context.outcome)
      },
      fenced() {
        log.error({ match: matchId }, 'match is written by someone else, let go of it')
        const seats = running.get(matchId)?.snapshot.context.seats ?? []
        forget(
          matchId,
          seats.map(({ playerId }) => playerId),
        )
      },
    }
  }

  function ended({ matchId, mode, outcome, seats }: MatchContext, from: MatchState): void {
    log.info({ match: matchId, outcome, from }, 'match ended')
    if (outcome !== 'cancelled') return
    const innocent = seats.filter(isTaken)
    const others = seats.filter((seat) => !isTaken(seat))
    const reason = others.some((seat) => seat.status === 'left' && seat.why === 'quit') ? 'declined' : 'noShow'
    onCancelled({ matchId, mode: mode.id, reason, innocent, others })
  }

  function close(matchId: MatchId, outcome: Outcome): void {
    audience.dismiss(matchId, outcome)
    running.delete(matchId)
    store.remove(matchId).catch((fault: unknown) => log.error({ match: matchId, err: fault }, 'match was not removed'))
  }

  function unseat(matchId: MatchId, playerId: PlayerId): void {
    if (seatedIn.get(playerId) === matchId) seatedIn.delete(playerId)
  }

  function forget(matchId: MatchId, players: PlayerId[]): void {
    running.delete(matchId)
    for (const playerId of players) unseat(matchId, playerId)
  }

  return {
    open,
    liveSeatOf,
    join,
    sync,
    quit,
    connectionLost,
    abortAll,
    size: () => running.size,
    seated: () => seatedIn.size,
  }
}

const newlyLeft = (before: readonly Seat[], after: readonly Seat[]): Seat[] =>
  after.filter((seat, n) => !isTaken(seat) && isTaken(before[n] ?? seat))
