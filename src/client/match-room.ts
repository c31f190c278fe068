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

/** How the room of the match that a connection is in is ended. */
const current = new WeakMap<object, () => void>()

/** What a player hears of a match. */
export interface MatchListener {
  /** Something happened; `view` is the match after it. Without an event, the view was fetched anew. */
  changed?(view: MatchView, event: MatchEvent | null): void
  /** Another member sent this. */
  message?(fromSeat: number, data: unknown): void
  /**
   * The last one hears of the match, on every tab. `outcome` is null when the match went on without this player (left,
   * forfeited, or gone to another match), or was over before the player could come back.
   */
  closed?(outcome: Outcome | null): void
}
interface ActOptions extends AskOptions {
  /** How long to ask again while the outcome is unknown, in ms; 60,000 by default. Then the last refusal is the answer. */
  timeoutMs?: number
}
export interface MatchRoom {
  readonly ok: true
  readonly seat: number
  readonly team: number
  readonly view: MatchView
  /** How many messages `send` has dropped. */
  readonly dropped: number
  /**
   * To everyone else, or to these seats. False, and the message is dropped, while the connection is not in the match, or
   * when the message is over 16 KiB: what is late on the relay lane is worth nothing.
   */
  send(data: unknown, to?: number[]): boolean
  /** On the durable lane: happens at most once, also when the connection is lost in between. */
  act(action: { type: string; data?: unknown }, options?: ActOptions): Promise<Acted | Refusal>
  /** Asks for another match once this one has ended, or answers who asked. */
  rematch(accept: boolean): Promise<Reply>
  /** Gives the seat up for good. */
  leave(): Promise<Reply>
}

/** Takes the seat in a match, and keeps it: comes back after a lost connection, and closes gaps in what was heard. */
export async function joinMatch(
  line: MatchLine,
  matchId: string,
  listener: MatchListener,
  options: AskOptions = {},
): Promise<MatchRoom | Refusal> {
  const { socket } = line
  const relay = socket as unknown as Socket<object, RelayAsks>
  let joined: Joined | null = null
  // What comes in right behind a reply may be here before the reply was looked at: it waits, and nothing is missed.
  let held: (() => void)[] | null = []
  let asked = 0
  let isIn = false
  let isOver = false
  let dropped = 0
  // Tells this visit's commands from those of another one, of another tab or of before a reload.
  const session = Math.random().toString(36).slice(2)
  let acted = 0

  const hear = (take: () => void) => (held ? void held.push(take) : take())
  const heard = (event: MatchEvent) => hear(() => take(event))
  const came = (fromSeat: number, data: unknown) => hear(() => listener.message?.(fromSeat, data))
  const closed = (closing: { matchId: string; outcome: Outcome }) =>
    hear(() => {
      if (closing.matchId === matchId) finish(closing.outcome)
    })
  const cameBack = () => void refetch('match:join')
  const lineLost = () => {
    isIn = false
  }

  function take(event: MatchEvent): void {
    // An agreed rematch names the next match; every other line the match it is of.
    const isOurs = event.matchId === matchId || event.type === 'rematch.agreed'
    if (isOver || !joined || !isOurs || event.seq <= joined.seq) return
    if (event.epoch !== joined.epoch || event.seq !== joined.seq + 1) return void refetch('match:sync')
    joined = { ...joined, match: withEvent(joined.match, event), seq: event.seq }
    listener.changed?.(joined.match, event)
    // Another tab has left, or the player was idle for too long: the match goes on and says nothing more here.
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
    // Answered for a match that was joined meanwhile.
    if (reply.match.matchId !== matchId) return finish(null)
    for (const event of reply.events) take(event)
    if (isOver) return
    joined = reply
    isIn = true
    listener.changed?.(reply.match, null)
    letGo()
  }
  function letGo(): void {
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
    socket.off('match:event', heard).off('match:message', came).off('match:closed', closed)
    socket.off('connect', cameBack).off('disconnect', lineLost)
  }

  socket.on('match:event', heard).on('match:message', came).on('match:closed', closed)
  socket.on('connect', cameBack).on('disconnect', lineLost)
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
  // A connection is in one match at a time: the room before this one is done.
  current.get(socket)?.()
  const end = () => finish(null)
  current.set(socket, end)
  // Only once the caller holds the room: what waited is heard a moment later.
  setTimeout(letGo, 0)
  return {
    ok: true,
    // Whoever joins as a player has a seat.
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
      // By now the connection may be in another match, which is not to be left.
      if (isOver) return { ok: true }
      const reply = await retryUntilSettled(() => line.ask('match:leave', {}), { isPointless: () => isOver })
      // What is not there any more has been left.
      if (!reply.ok && !isOver) return reply
      finish(null)
      return { ok: true }
    },
  }
}
