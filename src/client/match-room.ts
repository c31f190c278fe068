import type { Socket } from 'socket.io-client'
import type { AnswerOf } from '../protocol/declare.ts'
import type { match as matchTable, RelayAsks } from '../protocol/events/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal, Reply } from '../protocol/reply.ts'
import type { AskOptions, Line } from './connection-line.ts'
import { isTooLarge } from './packet-size.ts'
import { retryUntilSettled } from './retry.ts'
import { withEvent } from './view.ts'

type MatchLine = Line<typeof matchTable>
type Joined = AnswerOf<(typeof matchTable.requests)['match:join']>
type Acted = AnswerOf<(typeof matchTable.requests)['match:act']>

const RETRY_MS = 1_000

/** Ends the current room of a connection. */
const endCurrent = new WeakMap<object, () => void>()

/** Callbacks for the events of a match. */
export interface MatchListener {
  /** Called after each event with the match after it; with null when the view was fetched anew. */
  changed?(view: MatchView, event: MatchEvent | null): void
  /** Called with a message of another member. */
  message?(fromSeat: number, data: unknown): void
  /**
   * The last call for the match, on every tab. `outcome` is null when the match went on without this player (left,
   * forfeited, or in another match), or was over before the player came back.
   */
  closed?(outcome: Outcome | null): void
}
interface ActOptions extends AskOptions {
  /** How long to retry while the outcome is unknown, in ms; 60,000 by default. Then `act` resolves with the last refusal. */
  timeoutMs?: number
}
export interface MatchRoom {
  readonly ok: true
  readonly seat: number
  readonly team: number
  readonly view: MatchView
  /** The number of messages that `send` has dropped. */
  readonly dropped: number
  /**
   * Relays a message to everyone else, or to these seats. Drops it and returns false while the connection is not in the
   * match, or when the message is over 16 KiB.
   */
  send(data: unknown, to?: number[]): boolean
  /** Sends a `match:act` that happens at most once, also when the connection is lost in between. */
  act(action: { type: string; data?: unknown }, options?: ActOptions): Promise<Acted | Refusal>
  /** Asks for a rematch once the match has ended, or answers. */
  rematch(accept: boolean): Promise<Reply>
  /** Gives the seat up for good. */
  leave(): Promise<Reply>
}

/** Takes the seat in a match and keeps it: rejoins after a lost connection, and fetches missing events. */
export async function joinMatch(
  line: MatchLine,
  matchId: string,
  listener: MatchListener,
  options: AskOptions = {},
): Promise<MatchRoom | Refusal> {
  const { socket } = line
  const relay = socket as unknown as Socket<object, RelayAsks>
  let joined: Joined | null = null
  // Pushes may arrive before the code after `await` sees the reply; they wait here.
  let held: (() => void)[] | null = []
  let asked = 0
  let isIn = false
  let isOver = false
  let dropped = 0
  // Makes command ids unique across tabs and reloads.
  const session = Math.random().toString(36).slice(2)
  let acted = 0

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
    // Another tab has left, or the player was idle too long: this connection hears nothing more.
    if ((event.type === 'player.left' || event.type === 'player.forfeited') && event.seat === joined.you.seat)
      finish(null)
  }
  async function refetch(event: 'match:join' | 'match:sync'): Promise<void> {
    if (!joined) return
    held ??= []
    const turn = ++asked
    const since = { epoch: joined.epoch, seq: joined.seq }
    const reply = await (event === 'match:join'
      ? line.ask('match:join', { matchId, since })
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
  const first = await line.ask('match:join', { matchId }, options).catch((reason: unknown) => {
    stopListening()
    throw reason
  })
  if (!first.ok) {
    stopListening()
    return first
  }
  joined = first
  isIn = true
  // A connection is in one match at a time, so the previous room ends.
  endCurrent.get(socket)?.()
  const end = () => finish(null)
  endCurrent.set(socket, end)
  // The caller gets the room first, then the events that waited.
  setTimeout(release, 0)
  return {
    ok: true,
    // A player always has a seat.
    seat: first.you.seat ?? 0,
    team: first.you.team ?? 0,
    get view() {
      return joined?.match ?? first.match
    },
    get dropped() {
      return dropped
    },
    send(data, to) {
      if (!isIn || isTooLarge(data)) {
        dropped += 1
        return false
      }
      if (to) relay.emit('match:send', data, to)
      else relay.emit('match:send', data)
      return true
    },
    act(action, how = {}) {
      const id = `${session}-${++acted}`
      return retryUntilSettled(() => line.ask('match:act', { ...action, id }, how), {
        ...how,
        isPointless: () => isOver,
      })
    },
    rematch: (accept) => line.ask('match:rematch', { accept }),
    async leave() {
      // The connection may be in another match by now, which must not be left.
      if (isOver) return { ok: true }
      const reply = await retryUntilSettled(() => line.ask('match:leave', {}), { isPointless: () => isOver })
      // The room may have ended while waiting; then the match is left.
      if (!reply.ok && !isOver) return reply
      finish(null)
      return { ok: true }
    },
  }
}
