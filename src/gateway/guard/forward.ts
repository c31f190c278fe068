import type { HandlersOf, NamespaceSpec } from '../../protocol/declare.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { Who } from './guard.ts'
import type { SocketData } from './sockets.ts'

/** Handlers that pass each declared request to one function. */
export function forwardAll<N extends NamespaceSpec, Data extends SocketData>(
  spec: N,
  handle: (who: Who<Data>, event: keyof N['requests'], payload: unknown) => Reply | Promise<Reply>,
): HandlersOf<N, Who<Data>> {
  const handlers = Object.keys(spec.requests).map((event) => [
    event,
    (who: Who<Data>, payload: unknown) => handle(who, event, payload),
  ])
  return Object.fromEntries(handlers)
}
