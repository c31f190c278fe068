import type * as z from 'zod'
import type { ErrorCode } from './errors.ts'
import type { Accepted, Refusal } from './reply.ts'

/** What a client may ask: one object, and a reply. */
export interface RequestSpec<Payload extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  summary: string
  payload: Payload
  reply: Answer
  /** Beside those that any request may meet, see `commonRefusals`. */
  refusals: readonly ErrorCode[]
  /**
   * What a costly request costs the player, in points, before its reply is counted; see SPEC DR26. It only reads: when
   * the one who asks has gone before its turn came, it is not done.
   */
  work?: number
}
/** What the server tells: the event's arguments. */
export interface PushSpec<Args extends z.ZodTuple = z.ZodTuple> {
  summary: string
  args: Args
}
export interface NamespaceSpec {
  name: string
  requests: Record<string, RequestSpec>
  pushes: Record<string, PushSpec>
}

/** The refusals that the guard at the door gives, to any event of any namespace. */
export const commonRefusals = [
  'BAD_REQUEST',
  'TOO_DEEP',
  'TOO_LARGE',
  'UNKNOWN_EVENT',
  'RATE_LIMITED',
  'INTERNAL',
] as const satisfies ErrorCode[]

export const request = <P extends z.ZodType, A extends z.ZodType>(spec: RequestSpec<P, A>) => spec
export const push = <A extends z.ZodTuple>(spec: PushSpec<A>) => spec

/** What a client writes. */
export type PayloadInputOf<Spec extends RequestSpec> = z.input<Spec['payload']>
/** What a handler gets. */
export type PayloadOf<Spec extends RequestSpec> = z.output<Spec['payload']>
/** What a request is answered with when it is accepted. */
export type AnswerOf<Spec extends RequestSpec> = Accepted<Fields<z.output<Spec['reply']>>>
export type ReplyOf<Spec extends RequestSpec> = AnswerOf<Spec> | Refusal
// zod's empty object says that every key is `never`, which not even `ok` could then be.
type Fields<T> = T extends Record<string, never> ? object : T

/** The functions that answer a namespace's requests; `Who` is what the door knows about who asks. */
export type HandlersOf<N extends NamespaceSpec, Who> = {
  [E in keyof N['requests']]: (
    who: Who,
    payload: PayloadOf<N['requests'][E]>,
  ) => ReplyOf<N['requests'][E]> | Promise<ReplyOf<N['requests'][E]>>
}

/** Socket.IO's event map for what clients send. */
export type AsksOf<N extends NamespaceSpec> = {
  [E in keyof N['requests']]: (
    payload: z.input<N['requests'][E]['payload']>,
    ack: (reply: ReplyOf<N['requests'][E]>) => void,
  ) => void
}

/** Socket.IO's event map for what the server sends. */
export type TellsOf<N extends NamespaceSpec> = {
  [E in keyof N['pushes']]: (...args: z.output<N['pushes'][E]['args']>) => void
}
