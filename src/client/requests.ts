import type { PayloadInputOf, ReplyOf } from '../protocol/declare.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { AskOptions, Line } from './connection/connection-line.ts'

type Requests = typeof lobbyTable.requests
type Names = Record<string, keyof Requests>

/** The requests of `/lobby` as methods, by topic. A new request needs one line here. */
export const queueRequests = {
  join: 'queue:join',
  leave: 'queue:leave',
  explain: 'queue:explain',
  accept: 'match:accept',
  decline: 'match:decline',
} as const satisfies Names

export const lobbyRequests = {
  create: 'lobby:create',
  join: 'lobby:join',
  quick: 'lobby:quick',
  leave: 'lobby:leave',
  ready: 'lobby:ready',
  team: 'lobby:team',
  start: 'lobby:start',
  update: 'lobby:update',
  kick: 'lobby:kick',
  promote: 'lobby:promote',
  list: 'lobby:list',
} as const satisfies Names

export const partyRequests = {
  create: 'party:create',
  invite: 'party:invite',
  join: 'party:join',
  leave: 'party:leave',
  kick: 'party:kick',
  promote: 'party:promote',
} as const satisfies Names

export const chatRequests = {
  send: 'chat:send',
  history: 'chat:history',
} as const satisfies Names

export const peopleRequests = {
  get: 'player:get',
  leaderboard: 'leaderboard:get',
  block: 'player:block',
} as const satisfies Names

/** The payload with the mode ids of a config. */
type InModes<Payload, Id extends string> = {
  [Key in keyof Payload]: Key extends 'mode' ? Id | Exclude<Payload[Key], string> : Payload[Key]
}
/** A method for each request; the payload may be left out where it has no required field. */
export type Methods<Table extends Names, Id extends string = string> = {
  readonly [Method in keyof Table]: MethodOf<Requests[Table[Method]], Id>
}
type MethodOf<Spec extends Requests[keyof Requests], Id extends string> =
  Record<string, never> extends PayloadInputOf<Spec>
    ? (payload?: InModes<PayloadInputOf<Spec>, Id>, options?: AskOptions) => Promise<ReplyOf<Spec>>
    : (payload: InModes<PayloadInputOf<Spec>, Id>, options?: AskOptions) => Promise<ReplyOf<Spec>>

/** Makes the methods of a table. */
export function methodsOf<Table extends Names>(line: Line<typeof lobbyTable>, table: Table): Methods<Table> {
  const method =
    (event: keyof Requests) =>
    (payload: object = {}, options?: AskOptions) =>
      line.ask(event, payload as never, options)
  return Object.fromEntries(Object.entries(table).map(([name, event]) => [name, method(event)])) as Methods<Table>
}
