import type { AnswerOf } from '../protocol/declare.ts'
import type { match as matchTable } from '../protocol/events/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal } from '../protocol/reply.ts'
import type { AskOptions, Line } from './connection-line.ts'
import { withEvent } from './view.ts'

export type MatchLine = Line<typeof matchTable>
type Joined = AnswerOf<(typeof matchTable.requests)['match:join']>

const RETRY_MS = 1_000

/** Callbacks for the events of a match. */
export interface MatchListener<View extends MatchView = MatchView> {
  /** Called after each event with the match after it; with null when the view was fetched anew. */
  changed?(view: View, event: MatchEvent | null): void
  /** Called with a message of another member. */
  message?(fromSeat: number, data: unknown): void
  /**
   * The last call for the match, on every tab. `outcome` is null when the match went on without this player (left,
   * forfeited, or in another match), or was over before the player came back.
   */
  closed?(outcome: Outcome | null): void
}

export interface MatchLog {
  /** The newest view. */
  view(): MatchView
  readonly you: Joined['you']
  /** Whether the connection is in the match right now. */
  isIn(): boolean
  isOver(): boolean
  /** Stops following; the listener hears `closed` unless it has. */
  finish(outcome: Outcome | null): void
}

/** The log that each connection follows now: a connection is in one match at a time. */
const current = new WeakMap<object, MatchLog>()

/**
 * Joins a match and follows its log: keeps the view current, rejoins after a lost connection, and fetches missing events.
 * Rejects with the signal's reason.
 */
export async function followMatch(
  line: MatchLine,
  matchId: string,
  as: 'player' | 'spectator',
  listener: MatchListener,
  options: AskOptions = {},
): Promise<MatchLog | Refusal> {
  const { socket } = line
  let joined: Joined | null = null
  // Pushes may arrive before the code after `await` sees the reply; they wait here.
  let held: (() => void)[] | null = []
  let asked = 0
  let isIn = false
  let isOver = false
  const role = as === 'spectator' ? { as } : {}

  const hear = (take: () => void) => (held ? void held.push(take) : take())
  const heard = (event: MatchEvent) => hear(() => take(event))
  const messaged = (fromSeat: number, data: unknown) => hear(() => listener.message?.(fromSeat, data))
  const closed = (closing: { matchId: string; outcome: Outcome }) =>
    hear(() => {
      if (closing.matchId === matchId) finish(closing.outcome)
    })
  const reconnected = () => void refetch('match:join')
  const disconnected = () => {
    isIn = false
  }

  function take(event: MatchEvent): void {
    // The line of an agreed rematch has the next match's id; every other line has its own match's.
    const isOurs = event.matchId === matchId || event.type === 'rematch.agreed'
    if (isOver || !joined || !isOurs || event.seq <= joined.seq) return
    if (event.epoch !== joined.epoch || event.seq !== joined.seq + 1) return void refetch('match:sync')
    joined = { ...joined, match: withEvent(joined.match, event), seq: event.seq }
    listener.changed?.(joined.match, event)
    if (isMyExit(event, joined.you.seat)) finish(null)
  }
  async function refetch(event: 'match:join' | 'match:sync'): Promise<void> {
    if (!joined) return
    held ??= []
    const turn = ++asked
    const since = { epoch: joined.epoch, seq: joined.seq }
    const reply = await (event === 'match:join'
      ? line.ask('match:join', { matchId, ...role, since })
      : line.ask('match:sync', { since }))
    if (turn !== asked) return
    if (reply.ok) return catchUp(reply)
    const again = () => turn === asked && void refetch('match:join')
    if (reply.error.retryable || reply.error.code === 'NOT_IN_MATCH')
      setTimeout(again, reply.error.retryAfterMs ?? RETRY_MS)
    else finish(null)
  }
  function catchUp(reply: Joined): void {
    // The connection has joined another match in the meantime.
    if (reply.match.matchId !== matchId) return finish(null)
    for (const event of reply.events) take(event)
    if (isOver) return
    joined = reply
    isIn = true
    listener.changed?.(reply.match, null)
    release()
  }
  function release(): void {
    const waiting = held ?? []
    held = null
    for (const one of waiting) hear(one)
  }
  function finish(outcome: Outcome | null): void {
    if (isOver) return
    stopListening()
    listener.closed?.(outcome)
  }
  function stopListening(): void {
    isOver = true
    isIn = false
    asked += 1
    socket.off('match:event', heard).off('match:message', messaged).off('match:closed', closed)
    socket.off('connect', reconnected).off('disconnect', disconnected)
  }

  socket.on('match:event', heard).on('match:message', messaged).on('match:closed', closed)
  socket.on('connect', reconnected).on('disconnect', disconnected)
  const first = await line.ask('match:join', { matchId, ...role }, options).catch((reason: unknown) => {
    stopListening()
    throw reason
  })
  if (!first.ok) {
    stopListening()
    return first
  }
  joined = first
  isIn = true
  current.get(socket)?.finish(null)
  // The caller gets the room first, then the events that waited.
  setTimeout(release, 0)
  const view = () => joined?.match ?? first.match
  const log: MatchLog = { view, you: first.you, isIn: () => isIn, isOver: () => isOver, finish }
  current.set(socket, log)
  return log
}

// After leaving in another tab, or forfeiting, this connection hears nothing more.
const isMyExit = (event: MatchEvent, mySeat: number | null): boolean =>
  (event.type === 'player.left' || event.type === 'player.forfeited') && event.seat === mySeat
