import type { Socket } from 'socket.io-client'
import type { AnswerOf } from '../protocol/declare.ts'
import type { match as matchTable, RelayAsks } from '../protocol/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal, Reply } from '../protocol/reply.ts'
import type { Line } from './line.ts'
import { withEvent } from './view.ts'

type MatchLine = Line<typeof matchTable>
type Joined = AnswerOf<(typeof matchTable.requests)['match:join']>

/** What a player hears of a match. */
export interface MatchListener {
  /** Something happened; `view` is the match after it. Without an event, the view was fetched anew. */
  changed?(view: MatchView, event: MatchEvent | null): void
  /** Another member sent this. */
  message?(fromSeat: number, data: unknown): void
  /** The last one hears of the match. */
  closed?(outcome: Outcome): void
}
export interface MatchRoom {
  readonly ok: true
  readonly seat: number
  readonly team: number
  readonly view: MatchView
  /** To everyone else, or to these seats. */
  send(data: unknown, to?: number[]): void
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
  const first = await line.ask('match:join', { matchId })
  if (!first.ok) return first
  let { match: view, epoch, seq } = first
  let isCatchingUp = false

  function apply(event: MatchEvent): void {
    view = withEvent(view, event)
    seq = event.seq
    listener.changed?.(view, event)
  }
  function catchUp(joined: Joined): void {
    for (const event of joined.events) if (event.seq > seq) apply(event)
    ;({ match: view, epoch, seq } = joined)
    listener.changed?.(view, null)
  }
  async function refetch(event: 'match:join' | 'match:sync'): Promise<void> {
    if (isCatchingUp) return
    isCatchingUp = true
    const since = { epoch, seq }
    const reply = await (event === 'match:join'
      ? line.ask('match:join', { matchId, since })
      : line.ask('match:sync', { since }))
    isCatchingUp = false
    if (reply.ok) catchUp(reply)
    else if (!reply.error.retryable) finish('abandoned')
  }
  const heard = (event: MatchEvent) => {
    if (event.matchId !== view.matchId || isCatchingUp || event.seq <= seq) return
    if (event.epoch === epoch && event.seq === seq + 1) apply(event)
    else void refetch('match:sync')
  }
  const came = (fromSeat: number, data: unknown) => listener.message?.(fromSeat, data)
  const cameBack = () => void refetch('match:join')
  const closed = (closing: { matchId: string; outcome: Outcome }) => {
    if (closing.matchId === view.matchId) finish(closing.outcome)
  }
  function finish(outcome: Outcome): void {
    stopListening()
    listener.closed?.(outcome)
  }
  function stopListening(): void {
    socket.off('match:event', heard).off('match:message', came).off('match:closed', closed).off('connect', cameBack)
  }
  socket.on('match:event', heard).on('match:message', came).on('match:closed', closed).on('connect', cameBack)

  return {
    ok: true,
    ...first.you,
    get view() {
      return view
    },
    send: (data, to) => void (to ? relay.emit('match:send', data, to) : relay.emit('match:send', data)),
    async leave() {
      stopListening()
      return line.ask('match:leave', {})
    },
  }
}
