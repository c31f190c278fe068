import type { Namespace, Server } from 'socket.io'
import type { Log } from '../../ports.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { HandshakeError } from '../auth/handshake.ts'
import { setRefusals } from './parser.ts'

const MAX_NAME = 64

/** Opens namespaces when the first client asks for them. */
export interface Opener {
  /** Opens the namespace of this name; null when there is nothing to open. Never rejects. */
  open(name: string): Promise<void> | null
  /** The refusal code for a namespace that does not exist after `open`. */
  whyNot(name: string): ErrorCode
}

/** Opens a missing namespace on demand, or refuses the client with a code and keeps nothing. */
export function openOnDemand(io: Server, { open, whyNot }: Opener, log: Log): void {
  // Cached by code, so that a client that tries many names costs next to nothing.
  const refusals = new Map<ErrorCode, HandshakeError>()
  function refusal(name: string): HandshakeError {
    const code = whyNot(name)
    log.debug({ namespace: name.slice(0, MAX_NAME), code }, 'handshake refused')
    const made = refusals.get(code) ?? new HandshakeError(code)
    refusals.set(code, made)
    return made
  }
  io.of('/').use(({ nsp }, next) => next(refusal(nsp.name)))
  io.of((name, _auth, decide) => {
    const decideNow = () => decide(null, io._nsps.has(name))
    const opening = open(name)
    if (opening) void opening.then(decideNow)
    else decideNow()
  })
  // Socket.IO refuses without creating a namespace, but with its own text; the encoder puts ours in its place.
  setRefusals(io, refusal)
}

type Privates = { _preConnectSockets: Map<string, unknown> }

/** Whether no socket is in the namespace or in its handshake. */
export const isEmpty = (namespace: Pick<Namespace, 'sockets'>): boolean =>
  namespace.sockets.size === 0 && (namespace as unknown as Privates)._preConnectSockets.size === 0

/** Removes an empty namespace. Socket.IO has no public call for this. */
export function removeNamespace(io: Server, { name, adapter }: Pick<Namespace, 'name' | 'adapter'>): void {
  void adapter.close()
  io._nsps.delete(name)
}

/** Drops a socket in its handshake without an answer: for a middleware that never calls `next`. */
export function dropPending({ nsp, id }: { nsp: Namespace; id: string }): void {
  ;(nsp as unknown as Privates)._preConnectSockets.delete(id)
}
