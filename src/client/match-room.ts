import type { Socket } from 'socket.io-client'
import type { AnswerOf } from '../protocol/declare.ts'
import type { match as matchTable, RelayAsks } from '../protocol/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal, Reply } from '../protocol/reply.ts'
import type { Line } from './line.ts'
import { withEvent } from './view.ts'

type MatchLine = Line<typeof matchTable>
type Joined = AnswerOf<(typeof matchTable.requests)['match:join']>
type Acted = AnswerOf<(typeof matchTable.requests)['match:act']>

const RETRY_MS = 1_000
// Refusals that say nothing about the action itself: it may have happened, or may happen yet.
const UNDECIDED = new Set(['UNAVAILABLE', 'OVERLOADED', 'NOT_IN_MATCH', 'RATE_LIMITED'])

/** How the room of the match that a connection is in stops listening. */
const current = new WeakMap<object, () => void>()

/** What a player hears of a match. */
export interface MatchListener {
  /** Something happened; `view` is the match after it. Without an event, the view was fetched anew. */
  changed?(view: MatchView, event: MatchEvent | null): void
  /** Another member sent this. */
  message?(fromSeat: number, data: unknown): void
  /** The last one hears of the match; null when it was over before one could come back. */
  closed?(outcome: Outcome | null): void
}
export interface MatchRoom {
  readonly ok: true
  readonly seat: number
  readonly team: number
  readonly view: MatchView
  /** To everyone else, or to these seats. */
  send(data: unknown, to?: number[]): void
  /** On the durable lane: happens exactly once, also when the connection is lost in between. */
  act(action: { type: string; data?: unknown }): Promise<Acted | Refusal>
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
): Promise<MatchRoom | Refusal> {
  const { socket } = line
  const relay = socket as unknown as Socket<object, RelayAsks>
  let joined: Joined | null = null
  // What comes in right behind a reply may be here before the reply was looked at: it waits, and nothing is missed.
  let held: (() => void)[] | null = []
  let asked = 0
  let isOver = false
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

  function take(event: MatchEvent): void {
    // An agreed rematch names the next match; every other line the match it is of.
    const isOurs = event.matchId === matchId || event.type === 'rematch.agreed'
    if (!joined || !isOurs || event.seq <= joined.seq) return
    if (event.epoch !== joined.epoch || event.seq !== joined.seq + 1) return void refetch('match:sync')
    joined = { ...joined, match: withEvent(joined.match, event), seq: event.seq }
    listener.changed?.(joined.match, event)
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
    if (reply.error.retryable) setTimeout(() => turn === asked && void refetch('match:join'), RETRY_MS)
    else finish(null)
  }
  function catchUp(reply: Joined): void {
    // Answered for a match that was joined meanwhile.
    if (reply.match.matchId !== matchId) return stopListening()
    for (const event of reply.events) take(event)
    joined = reply
    listener.changed?.(reply.match, null)
    letGo()
  }
  function letGo(): void {
    const waiting = held ?? []
    held = null
    for (const one of waiting) hear(one)
  }
  async function act(action: { type: string; data?: unknown }): Promise<Acted | Refusal> {
    const id = `${session}-${++acted}`
    for (;;) {
      const reply = await line.ask('match:act', { ...action, id })
      if (reply.ok || isOver || !UNDECIDED.has(reply.error.code)) return reply
      await new Promise((resolve) => setTimeout(resolve, reply.error.retryAfterMs ?? RETRY_MS))
    }
  }
  function finish(outcome: Outcome | null): void {
    stopListening()
    listener.closed?.(outcome)
  }
  function stopListening(): void {
    isOver = true
    asked += 1
    socket.off('match:event', heard).off('match:message', came).off('match:closed', closed).off('connect', cameBack)
  }

  socket.on('match:event', heard).on('match:message', came).on('match:closed', closed).on('connect', cameBack)
  const first = await line.ask('match:join', { matchId })
  if (!first.ok) {
    stopListening()
    return first
  }
  joined = first
  // A connection is in one match at a time: the room before this one is done.
  current.get(socket)?.()
  current.set(socket, stopListening)
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
    send: (data, to) => void (to ? relay.emit('match:send', data, to) : relay.emit('match:send', data)),
    act,
    rematch: (accept) => line.ask('match:rematch', { accept }),
    leave() {
      stopListening()
      return line.ask('match:leave', {})
    },
  }
}
