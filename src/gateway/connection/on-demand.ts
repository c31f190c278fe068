import type { Namespace, Server } from 'socket.io'
import type { Log } from '../../ports.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { HandshakeError } from '../auth/handshake.ts'
import { sayWhyNot } from './parser.ts'

const MAX_NAME = 64

/** Opens the namespaces that are made for their first visitor. */
export interface Opener {
  /** Opens what the name stands for; null when that is nothing to wait for. Never rejects. */
  open(name: string): Promise<void> | null
  /** What whoever knocks hears when there is still no such namespace. */
  whyNot(name: string): ErrorCode
}

/** A namespace that is not there is opened, or refused with a code; none that was refused is kept. */
export function openOnDemand(io: Server, { open, whyNot }: Opener, log: Log): void {
  // Made once: whoever asks for one name after the other is to cost next to nothing.
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
  // Socket.IO refuses with a text of its own, at no cost. A namespace that refuses with ours would have to be made first.
  sayWhyNot(io, refusal)
}

type Privates = { _preConnectSockets: Map<string, unknown> }

/** Whether nobody is in a namespace or on the way in. */
export const isEmpty = (namespace: Pick<Namespace, 'sockets'>): boolean =>
  namespace.sockets.size === 0 && (namespace as unknown as Privates)._preConnectSockets.size === 0

/** Takes an empty namespace away, for which Socket.IO has no word. */
export function removeNamespace(io: Server, { name, adapter }: Pick<Namespace, 'name' | 'adapter'>): void {
  void adapter.close()
  io._nsps.delete(name)
}

/** Lets go of a socket on its way in, without an answer: for a middleware that never calls `next`. */
export function forget({ nsp, id }: { nsp: Namespace; id: string }): void {
  ;(nsp as unknown as Privates)._preConnectSockets.delete(id)
}
