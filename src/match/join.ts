import { lineSeenBy } from '../machines/match/match-view.ts'
import type { AnswerOf, PayloadOf } from '../protocol/declare.ts'
import type { match } from '../protocol/events/match.ts'
import type { MatchEvent } from '../protocol/match-view.ts'
import { accept, type Refusal, refuse } from '../protocol/reply.ts'
import type { Ask } from './commands/ask.ts'
import type { MatchStore } from './match-store.ts'
import type { ModeRules } from './mode-rules.ts'
import type { MatchNews, MaySpectate } from './ports.ts'
import { type MatchRegistry, type Member, memberSeat } from './registry.ts'
import type { Decide, MatchRuntime } from './runtime/match-runtime.ts'
import { createViews } from './views.ts'

type Requests = typeof match.requests
type Position = NonNullable<PayloadOf<Requests['match:join']>['since']>
export type Joined = AnswerOf<Requests['match:join']>

export interface JoinRequest extends Member {
  name: string
  since?: Position | undefined
  /**
   * Called with the view before the match takes its next step, so that the connection gets every later line exactly
   * once.
   */
  admit: (joined: Joined) => void
}
// Limits the reply, so that a slow connection can receive it.
const MAX_TAIL_LINES = 500
const MAX_TAIL_CHARS = 256_000
// Every view and every stored step contains all spectators.
const MAX_SPECTATORS = 200
// How many past matches a player may still ask for, by a link or an old tab.
const LATELY = 10

interface JoinParts {
  registry: MatchRegistry
  modeRules: ModeRules
  store: MatchStore
  ask: Ask
  news: Pick<MatchNews, 'cameInVain'>
  maySpectate: MaySpectate
}

/** Joining a match, returning to it, spectating, and fetching its state again. */
export function createJoin({ registry, modeRules, store, ask, news, maySpectate }: JoinParts) {
  const viewFor = createViews(modeRules)

  /** Lets a player take the seat or return to it. */
  async function join({ matchId, playerId, since, admit }: Omit<JoinRequest, 'name'>): Promise<Joined | Refusal> {
    if (registry.isGivenUp(matchId)) return refuse('MATCH_ABORTED')
    const runtime = registry.get(matchId)
    if (!runtime) return refuse(await whatBecameOf({ matchId, playerId }))
    if (!memberSeat(runtime, playerId)) return refuse('NOT_FOUND')
    const joined = await visit(runtime, { playerId, since, admit }, (turn) => {
      if (!memberSeat(turn, playerId)) return refuse('NOT_FOUND')
      if (turn.snapshot.state === 'proposed')
        return refuse('FORBIDDEN', { because: 'the match is not accepted by all yet' })
      return { type: 'player.joined', playerId }
    })
    if (!joined.ok && joined.error.code === 'UNAVAILABLE') news.cameInVain?.(matchId, playerId)
    return joined
  }

  // A former player learns that the match is over or waits for its mode; to others it does not exist.
  async function whatBecameOf({ matchId, playerId }: Member) {
    if (registry.isSetAside({ matchId, playerId })) return 'UNAVAILABLE'
    const played = await store.history(playerId, LATELY).catch(() => [])
    const found = played.find((one) => one.matchId === matchId)
    if (!found) return 'NOT_FOUND'
    return found.outcome === 'aborted' ? 'MATCH_ABORTED' : 'MATCH_ENDED'
  }

  /** Lets a player watch the match. */
  async function spectate({ matchId, playerId, name, since, admit }: JoinRequest): Promise<Joined | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime) return refuse('NOT_FOUND')
    return visit(runtime, { playerId, since, admit }, (turn) => {
      const { state, context } = turn.snapshot
      if (state === 'proposed' || state === 'closed') return refuse('NOT_FOUND')
      if (!maySpectate(context.origin, playerId)) return refuse('NOT_FOUND')
      if (!context.mode.spectators) return refuse('FORBIDDEN', { because: 'this mode has no spectators' })
      if (memberSeat(turn, playerId)) return refuse('FORBIDDEN', { because: 'you have a seat in this match' })
      if (context.spectators.length >= MAX_SPECTATORS)
        return refuse('OVERLOADED', { because: 'there are too many spectators' })
      return { type: 'spectator.joined', playerId, name }
    })
  }

  async function sync({ matchId, playerId, since, admit }: Omit<JoinRequest, 'name'>): Promise<Joined | Refusal> {
    const runtime = registry.get(matchId)
    return runtime ? visit(runtime, { playerId, since, admit }, () => null) : refuse('NOT_IN_MATCH')
  }

  async function visit(
    runtime: MatchRuntime,
    { playerId, since, admit }: Pick<JoinRequest, 'playerId' | 'since' | 'admit'>,
    decide: Decide,
  ): Promise<Joined | Refusal> {
    let reply: Joined | Refusal = refuse('NOT_FOUND')
    const lookedAt = async () => {
      const joined = await look(runtime, playerId, since)
      if (!joined) return
      reply = joined
      admit(joined)
    }
    const refusal = await ask(runtime, decide, lookedAt, 'joins')
    return refusal ?? reply
  }

  /** The match as this player or spectator may see it, with the log after `since`; null for others. */
  async function look(runtime: MatchRuntime, playerId: Member['playerId'], since?: Position): Promise<Joined | null> {
    const { snapshot, position, isClosed } = runtime
    const seat = memberSeat(runtime, playerId)
    const isSpectator = snapshot.context.spectators.some((one) => one.playerId === playerId)
    if (isClosed || (!seat && !isSpectator)) return null
    const who = seat ? seat.seat : 'spectator'
    const lines = since ? await tail(runtime, since) : []
    const you = seat
      ? ({ as: 'player', seat: seat.seat, team: seat.team } as const)
      : ({ as: 'spectator', seat: null, team: null } as const)
    const eyes = modeRules.eyesOf(snapshot, who)
    const events = lines.map((line) => lineSeenBy(line, snapshot, eyes))
    return accept({ match: viewFor(snapshot, who), you, ...position, events })
  }

  // A tail that is too long or unreadable is omitted: the view alone is complete.
  async function tail({ id, position }: MatchRuntime, { epoch, seq }: Position): Promise<readonly MatchEvent[]> {
    if (position.seq - seq > MAX_TAIL_LINES) return []
    const lines = (await store.tail(id, Math.max(0, seq - 1)).catch(() => null)) ?? []
    // A client's position cannot have an epoch older than its own line's, or newer than the match's.
    const before = seq > 0 ? lines[0]?.epoch : 0
    if (before === undefined || before > epoch || epoch > position.epoch) return []
    const since = lines.filter((line) => line.seq > seq)
    return JSON.stringify(since).length > MAX_TAIL_CHARS ? [] : since
  }

  return { join, spectate, sync }
}
