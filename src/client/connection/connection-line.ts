import type { Socket } from 'socket.io-client'
import type { AsksOf, NamespaceSpec, PayloadInputOf, ReplyOf, TellsOf } from '../../protocol/declare.ts'
import { isTooLarge } from './packet-size.ts'
import { noReply, tooLarge } from './refusals.ts'

const REPLY_MS = 10_000

export interface AskOptions {
  /** Stops waiting for the reply: `ask` rejects with the signal's reason. The request may still happen. */
  signal?: AbortSignal | undefined
}

/** One namespace of the connection, typed from the tables of the wire contract. */
export interface Line<N extends NamespaceSpec> {
  readonly socket: Socket<TellsOf<N>, AsksOf<N>>
  /**
   * Sends a request and resolves with the reply within 10 s. Without a reply it resolves with the refusal `UNAVAILABLE`,
   * which may be retried; a payload over 16 KiB is `TOO_LARGE` and is not sent.
   */
  ask<E extends keyof N['requests'] & string>(
    event: E,
    payload: PayloadInputOf<N['requests'][E]>,
    options?: AskOptions,
  ): Promise<ReplyOf<N['requests'][E]>>
}

/** `answered` is called with each reply in the order in which replies and pushes arrive. */
export function lineOver<N extends NamespaceSpec>(
  socket: Socket<TellsOf<N>, AsksOf<N>>,
  answered: (event: string, reply: object) => void = () => {},
): Line<N> {
  const plain = socket as unknown as Socket
  const send = (event: string, payload: unknown) =>
    new Promise<never>((resolve) => {
      plain.timeout(REPLY_MS).emit(event, payload, (fault: Error | null, reply: object) => {
        if (!fault) answered(event, reply)
        resolve((fault ? noReply : reply) as never)
      })
    })
  return {
    socket,
    async ask(event, payload, { signal } = {}) {
      signal?.throwIfAborted()
      if (isTooLarge(payload)) return tooLarge
      // A socket that is neither connected nor connecting would buffer the request for ever.
      if (!plain.active) return noReply
      const reply = send(event, payload)
      return signal ? unlessAborted(reply, signal) : reply
    },
  }
}

/** The promise's outcome, or a rejection with the signal's reason if that comes first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
