import type { DefaultEventsMap, Namespace, Socket } from 'socket.io'
import type { Clock } from '../../ports.ts'
import { Budget, type Limit } from '../../util/token-bucket.ts'
import type { Session } from '../auth/handshake.ts'

// A client needs a few requests a second; this leaves room for a harness that plays quickly.
const REQUESTS: Limit = { burst: 200, perSecond: 100 }

/** What the guard knows of a connection to a namespace. */
export interface Caller {
  requests: Budget
  /** For the log. */
  who: string
}
/** A player's connection. */
export interface Visitor extends Caller {
  session: Session
}
export type Guest<Data extends Caller = Visitor> = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Data>
export type GuestHall<Data extends Caller = Visitor> = Namespace<
  DefaultEventsMap,
  DefaultEventsMap,
  DefaultEventsMap,
  Data
>

export const newCaller = (who: string, clock: Clock): Caller => ({ requests: new Budget(REQUESTS, clock.now()), who })

export const newVisitor = (session: Session, clock: Clock): Visitor => ({
  ...newCaller(session.player.id, clock),
  session,
})
