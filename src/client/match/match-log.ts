import type { AnswerOf } from '../../protocol/declare.ts'
import type { match as matchTable } from '../../protocol/events/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../../protocol/match-view.ts'
import type { Refusal, Reply } from '../../protocol/reply.ts'
import { type AskOptions, type Line, unlessAborted } from '../connection/connection-line.ts'
import { call } from '../listeners.ts'
import { createInbox } from './inbox.ts'
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
   * The last call for the match, on every tab. `outcome` is null when the match went on without this player. `reason` is
   * the outcome, or `left`, `forfeited`, `declined`, `noShow`, `notAccepted`, `operator`, `replaced` (another room took
   * its place on this connection), `closed` (`close` was called), or `unknown` for a match that is gone after a reconnect.
   */
  closed?(outcome: Outcome | null, reason: string): void
}
export interface FollowOptions extends AskOptions {
  /** Why the match is over for the player, or undefined. Asked when the server no longer lets the player in. */
  endOfMatch?: (matchId: string) => Promise<string | undefined>
}

export interface MatchLog {
  /** The newest view. */
  view(): MatchView
  readonly you: Joined['you']
  /** Whether the connection is in the match right now. */
  isIn(): boolean
  isOver(): boolean
  /** Fetches the view and the missing events. */
  sync(options?: AskOptions): Promise<Reply>
  /** Stops following; the listener hears `closed` unless it has. */
  finish(outcome: Outcome | null, reason: string): void
}

/** The log that each connection follows now: a connection is in one match at a time. */
const current = new WeakMap<object, MatchLog>()

/** Ends the room of a connection that is closed for good. */
export const endRoomOf = ({ socket }: Pick<MatchLine, 'socket'>): void => current.get(socket)?.finish(null, 'closed')

/**
 * Joins a match and follows its log: keeps the view current, rejoins after a lost connection, and fetches missing events.
 * Rejects with the signal's reason.
 */
export async function followMatch(
  line: MatchLine,
  { matchId, as }: { matchId: string; as: 'player' | 'spectator' },
  listener: MatchListener,
  { endOfMatch, ...options }: FollowOptions = {},
): Promise<MatchLog | Refusal> {
  const { socket } = line
  let joined: Joined | null = null
  const inbox = createInbox()
  let asked = 0
  let isIn = false
  let isOver = false
  const role = as === 'spectator' ? { as } : {}

  const heard = (event: MatchEvent) => inbox.hear(() => take(event))
  const messaged = (fromSeat: number, data: unknown) => inbox.hear(() => call(() => listener.message?.(fromSeat, data)))
  const closed = (closing: { matchId: string; outcome: Outcome }) =>
    inbox.hear(() => {
      if (closing.matchId === matchId) finish(closing.outcome, closing.outcome)
    })
  const reconnected = () => void refetch('match:join')
  const disconnected = () => {
    isIn = false
  }
  const changed = (view: MatchView, event: MatchEvent | null) => call(() => listener.changed?.(view, event))

  function take(event: MatchEvent): void {
    // The line of an agreed rematch has the next match's id; every other line has its own match's.
    const isOurs = event.matchId === matchId || event.type === 'rematch.agreed'
    if (isOver || !joined || !isOurs || event.seq <= joined.seq) return
    if (event.epoch !== joined.epoch || event.seq !== joined.seq + 1) return void refetch('match:sync')
    joined = { ...joined, match: withEvent(joined.match, event), seq: event.seq }
    changed(joined.match, event)
    // After leaving in another tab, or forfeiting, this connection hears nothing more.
    if (event.type === 'player.forfeited' && event.seat === joined.you.seat) finish(null, 'forfeited')
    if (event.type === 'player.left' && event.seat === joined.you.seat) finish(null, 'left')
  }
  async function refetch(event: 'match:join' | 'match:sync'): Promise<Reply> {
    if (!joined || isOver) return { ok: true }
    inbox.hold()
    const turn = ++asked
    const since = { epoch: joined.epoch, seq: joined.seq }
    const reply = await (event === 'match:join'
      ? line.ask('match:join', { matchId, ...role, since })
      : line.ask('match:sync', { since }))
    if (turn !== asked) return reply
    if (reply.ok) catchUp(reply)
    else if (reply.error.retryable || reply.error.code === 'NOT_IN_MATCH') {
      const again = () => turn === asked && void refetch('match:join')
      setTimeout(again, reply.error.retryAfterMs ?? RETRY_MS)
    } else await finishUnheard()
    return reply
  }
  function catchUp(reply: Joined): void {
    // The connection has joined another match in the meantime.
    if (reply.match.matchId !== matchId) return finish(null, 'replaced')
    for (const event of reply.events) take(event)
    if (isOver) return
    joined = reply
    isIn = true
    changed(reply.match, null)
    inbox.release()
  }
  // The match ended while the connection was lost.
  async function finishUnheard(): Promise<void> {
    const reason = (await endOfMatch?.(matchId)) ?? 'unknown'
    finish(isOutcome(reason) ? reason : null, reason)
  }
  function finish(outcome: Outcome | null, reason: string): void {
    if (isOver) return
    stopListening()
    call(() => listener.closed?.(outcome, reason))
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
  current.get(socket)?.finish(null, 'replaced')
  // The caller gets the room first, then the events that waited.
  setTimeout(inbox.release, 0)
  const log: MatchLog = {
    view: () => joined?.match ?? first.match,
    you: first.you,
    isIn: () => isIn,
    isOver: () => isOver,
    sync(how = {}) {
      const synced = refetch(isIn ? 'match:sync' : 'match:join')
      return how.signal ? unlessAborted(synced, how.signal) : synced
    },
    finish,
  }
  current.set(socket, log)
  return log
}

const OUTCOMES: ReadonlySet<string> = new Set<Outcome>(['completed', 'abandoned', 'cancelled', 'aborted'])
const isOutcome = (reason: string): reason is Outcome => OUTCOMES.has(reason)
