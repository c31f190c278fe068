import type { AnswerOf, PayloadOf } from '../../src/protocol/declare.ts'
import type { match } from '../../src/protocol/events/match.ts'
import type { Reply } from '../../src/protocol/reply.ts'

type Requests = typeof match.requests
/** A request of `/match`. */
export type Asked = { [E in keyof Requests]: { event: E; payload: PayloadOf<Requests[E]> } }[keyof Requests]
interface Answered<Event extends string> {
  event: Event
  payload: { matchId: string }
}
/** A command of a player: a request of `/match`, or an answer to a proposal. */
export type Said = Asked | Answered<'match:accept'> | Answered<'match:decline'>
export type Command = Said & {
  /** Numbers the commands; a repetition keeps its number. */
  uid: number
}
export type Answer = Reply<Record<string, unknown>>

export type Joined = AnswerOf<Requests['match:join']>

/** A value that contains the only seat that may see it. */
export const secretOf = (who: 'own' | 'members', playerId: string, uid: number): string => `${who}~${playerId}~${uid}`
/** The secrets that occur in a text. */
export const secretsIn = (text: string): { who: 'own' | 'members'; playerId: string }[] =>
  [...text.matchAll(/(own|members)~([^~"]+)~/g)].map(([, who, playerId]) => ({
    who: who as 'own' | 'members',
    playerId: playerId ?? '',
  }))
