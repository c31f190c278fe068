import type { Socket } from 'socket.io-client'
import type { AsksOf, NamespaceSpec, PayloadInputOf, ReplyOf, TellsOf } from '../protocol/declare.ts'
import type { Refusal } from '../protocol/reply.ts'

const REPLY_MS = 10_000

/** One namespace of the connection, typed from the tables of the wire contract. */
export interface Line<N extends NamespaceSpec> {
  readonly socket: Socket<TellsOf<N>, AsksOf<N>>
  /** Asks, and resolves with the reply. A reply that does not come is a refusal too: `UNAVAILABLE`, try again. */
  ask<E extends keyof N['requests'] & string>(
    event: E,
    payload: PayloadInputOf<N['requests'][E]>,
  ): Promise<ReplyOf<N['requests'][E]>>
}

const noReply: Refusal = {
  ok: false,
  error: { code: 'UNAVAILABLE', message: 'The server did not answer. Try again in a moment.', retryable: true },
}

export function lineOver<N extends NamespaceSpec>(socket: Socket<TellsOf<N>, AsksOf<N>>): Line<N> {
  const plain = socket as unknown as Socket
  return {
    socket,
    ask: (event, payload) =>
      plain
        .timeout(REPLY_MS)
        .emitWithAck(event, payload)
        .catch(() => noReply),
  }
}
