import type * as z from 'zod'
import type { ErrorCode } from './errors.ts'
import type { Accepted, Refusal } from './reply.ts'

/** A request of a client: one object as payload, and a reply. */
export interface RequestSpec<Payload extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  summary: string
  payload: Payload
  reply: Answer
  /** In addition to `commonRefusals`. */
  refusals: readonly ErrorCode[]
  /**
   * The cost of a costly request in points, without its reply; see SPEC DR26. Such a request only reads, and is skipped
   * when its connection is gone before its turn.
   */
  work?: number
}
/** An event of the server, with its arguments. */
export interface PushSpec<Args extends z.ZodTuple = z.ZodTuple> {
  summary: string
  args: Args
}
export interface NamespaceSpec {
  name: string
  requests: Record<string, RequestSpec>
  pushes: Record<string, PushSpec>
}

/** The refusals that the guard may give to any event of any namespace. */
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

/** A request's payload as a client writes it. */
export type PayloadInputOf<Spec extends RequestSpec> = z.input<Spec['payload']>
/** A request's payload as its handler receives it. */
export type PayloadOf<Spec extends RequestSpec> = z.output<Spec['payload']>
/** The reply to an accepted request. */
export type AnswerOf<Spec extends RequestSpec> = Accepted<Fields<z.output<Spec['reply']>>>
export type ReplyOf<Spec extends RequestSpec> = AnswerOf<Spec> | Refusal
// zod types every key of an empty object as `never`, which would exclude `ok`.
type Fields<T> = T extends Record<string, never> ? object : T

/** The functions that answer a namespace's requests; `Who` is what the gateway knows about the sender. */
export type HandlersOf<N extends NamespaceSpec, Who> = {
  [E in keyof N['requests']]: (
    who: Who,
    payload: PayloadOf<N['requests'][E]>,
  ) => ReplyOf<N['requests'][E]> | Promise<ReplyOf<N['requests'][E]>>
}

/** Socket.IO's event map of the client. */
export type AsksOf<N extends NamespaceSpec> = {
  [E in keyof N['requests']]: (
    payload: z.input<N['requests'][E]['payload']>,
    ack: (reply: ReplyOf<N['requests'][E]>) => void,
  ) => void
}

/** Socket.IO's event map of the server. */
export type TellsOf<N extends NamespaceSpec> = {
  [E in keyof N['pushes']]: (...args: z.output<N['pushes'][E]['args']>) => void
}
