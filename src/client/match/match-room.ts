import type { Socket } from 'socket.io-client'
import type { AnswerOf, PayloadInputOf, ReplyOf } from '../../protocol/declare.ts'
import type { match as matchTable, RelayAsks } from '../../protocol/events/match.ts'
import type { MatchView } from '../../protocol/match-view.ts'
import type { Refusal, Reply } from '../../protocol/reply.ts'
import type { AskOptions } from '../connection/connection-line.ts'
import { isTooLarge } from '../connection/packet-size.ts'
import { notInMatch } from '../connection/refusals.ts'
import { retryUntilSettled } from '../connection/retry.ts'
import { type FollowOptions, followMatch, type MatchLine, type MatchListener, type MatchLog } from './match-log.ts'

type Requests = typeof matchTable.requests
type ReplyTo<Event extends keyof Requests> = Promise<ReplyOf<Requests[Event]>>
type Acted<Game> = Omit<AnswerOf<Requests['match:act']>, 'game'> & { game?: Game }

/** A match view whose `game` has the type that the mode's rules give it. */
export type ViewWith<Game> = unknown extends Game ? MatchView : Omit<MatchView, 'game'> & { game?: Game }

interface RetryOptions extends AskOptions {
  /** How long to retry while the outcome is unknown, in ms; 60,000 by default. Then it resolves with the last refusal. */
  timeoutMs?: number
}
interface ActOptions extends RetryOptions {
  /** The action counts only while this is the last `seq` of the match, else it is refused with `STALE_STATE`. */
  ifSeq?: number
}
/** A match that this connection watches. */
export interface WatchedMatch<Game = unknown> {
  readonly ok: true
  readonly view: ViewWith<Game>
  /** Fetches the view anew. The room does so by itself after a gap or a lost connection. */
  sync(options?: AskOptions): Promise<Reply>
  /** Stops watching, or gives the seat up for good. Retries until the server has it. */
  leave(options?: RetryOptions): Promise<Reply>
}
/** A match in which this connection has a seat. */
export interface MatchRoom<Move = { type: string; data?: unknown }, Game = unknown> extends WatchedMatch<Game> {
  readonly seat: number
  readonly team: number
  /** The number of messages that `send` has dropped. */
  readonly dropped: number
  /**
   * Relays a message to everyone else, or to these seats. Drops it and returns false while the connection is not in the
   * match, or when the message is over 16 KiB.
   */
  send(data: unknown, to?: number[]): boolean
  /** Sends a `match:act` that happens at most once, also when the connection is lost in between. */
  act(action: Move, options?: ActOptions): Promise<Acted<Game> | Refusal>
  /** Sets a shared property; with `ifVersion` only while it has that version (0: not set yet), else `STALE_STATE`. */
  set(property: PayloadInputOf<Requests['match:set']>, options?: AskOptions): ReplyTo<'match:set'>
  /** Says during the countdown that you are ready. */
  ready(options?: AskOptions): ReplyTo<'match:ready'>
  /** Stops the clocks of the match until you resume, or your pause time is used up. */
  pause(options?: AskOptions): ReplyTo<'match:pause'>
  /** Ends your pause. */
  resume(options?: AskOptions): ReplyTo<'match:resume'>
  /** Claims the result, in modes without rules. */
  finish(result: PayloadInputOf<Requests['match:finish']>['result'], options?: AskOptions): ReplyTo<'match:finish'>
  /** Asks for a rematch once the match has ended, or answers. */
  rematch(accept: boolean, options?: AskOptions): ReplyTo<'match:rematch'>
}

/** Takes the seat in a match and keeps it. */
export async function joinMatch(
  line: MatchLine,
  matchId: string,
  listener: MatchListener,
  options: FollowOptions = {},
): Promise<MatchRoom | Refusal> {
  const log = await followMatch(line, { matchId, as: 'player' }, listener, options)
  return 'ok' in log ? log : roomOf(line, log)
}

/** Watches a match without a seat. */
export async function spectate(
  line: MatchLine,
  matchId: string,
  listener: MatchListener,
  options: FollowOptions = {},
): Promise<WatchedMatch | Refusal> {
  const log = await followMatch(line, { matchId, as: 'spectator' }, listener, options)
  return 'ok' in log ? log : watched(line, log)
}

function watched(line: MatchLine, log: MatchLog): WatchedMatch {
  return {
    ok: true,
    get view() {
      return log.view()
    },
    sync: log.sync,
    async leave(how = {}) {
      // The connection may be in another match by now, which must not be left.
      if (log.isOver()) return { ok: true }
      const ask = () => line.ask('match:leave', {}, how)
      const reply = await retryUntilSettled(ask, { ...how, isPointless: log.isOver })
      // The room may have ended while waiting; then the match is left.
      if (!reply.ok && !log.isOver()) return reply
      log.finish(null, 'left')
      return { ok: true }
    },
  }
}

function roomOf(line: MatchLine, log: MatchLog): MatchRoom {
  const relay = line.socket as unknown as Socket<object, RelayAsks>
  let dropped = 0
  let acted = 0
  // Makes command ids unique across tabs and reloads.
  const session = Math.random().toString(36).slice(2)

  // The connection may be in another match by now, which is not this room's.
  const ask: MatchLine['ask'] = async (event, payload, how) =>
    log.isOver() ? notInMatch : line.ask(event, payload, how)

  function send(data: unknown, to?: number[]): boolean {
    if (!log.isIn() || isTooLarge(data)) {
      dropped += 1
      return false
    }
    if (to) relay.emit('match:send', data, to)
    else relay.emit('match:send', data)
    return true
  }
  function act(action: { type: string; data?: unknown }, { ifSeq, ...how }: ActOptions = {}) {
    const id = `${session}-${++acted}`
    const asking = { ...action, id, ...(ifSeq !== undefined && { ifSeq }) }
    return retryUntilSettled(() => ask('match:act', asking, how), { ...how, isPointless: log.isOver })
  }
  const { sync, leave } = watched(line, log)
  return {
    ok: true,
    // A player always has a seat.
    seat: log.you.seat ?? 0,
    team: log.you.team ?? 0,
    get view() {
      return log.view()
    },
    get dropped() {
      return dropped
    },
    send,
    act,
    set: (property, how) => ask('match:set', property, how),
    ready: (how) => ask('match:ready', {}, how),
    pause: (how) => ask('match:pause', {}, how),
    resume: (how) => ask('match:resume', {}, how),
    finish: (result, how) => ask('match:finish', { result }, how),
    rematch: (accept, how) => ask('match:rematch', { accept }, how),
    sync,
    leave,
  }
}
