import type { DefaultEventsMap, Namespace, Socket } from 'socket.io'
import type { Clock } from '../../ports.ts'
import { type Limit, TokenBucket } from '../../util/rate-limit.ts'
import type { Session } from '../auth/handshake.ts'

// A client needs a few requests a second; this leaves room for bots and tests that play quickly.
const REQUESTS: Limit = { burst: 200, everyMs: 10 }
// A client that waits for `retryAfterMs` is hardly ever refused twice.
const REFUSALS: Limit = { burst: 200, everyMs: 50 }

/** What the guard keeps for each socket. */
export interface SocketData {
  requests: TokenBucket
  /** Limits costly requests that were refused. */
  refusals: TokenBucket
  /** The player's id, or an operator's socket id: the key of queues and budgets, and a field of the log. */
  who: string
}
/** A player's connection. */
export interface PlayerSocketData extends SocketData {
  session: Session
}
export type GatewaySocket<Data extends SocketData = PlayerSocketData> = Socket<
  DefaultEventsMap,
  DefaultEventsMap,
  DefaultEventsMap,
  Data
>
export type GatewayNamespace<Data extends SocketData = PlayerSocketData> = Namespace<
  DefaultEventsMap,
  DefaultEventsMap,
  DefaultEventsMap,
  Data
>

export const newSocketData = (who: string, clock: Clock): SocketData => ({
  requests: new TokenBucket(REQUESTS, clock.now()),
  refusals: new TokenBucket(REFUSALS, clock.now()),
  who,
})

export const newPlayerSocketData = (session: Session, clock: Clock): PlayerSocketData => ({
  ...newSocketData(session.player.id, clock),
  session,
})
