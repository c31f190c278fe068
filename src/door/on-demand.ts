import type { Namespace, Server } from 'socket.io'
import type { ErrorCode } from '../protocol/errors.ts'
import { HandshakeError } from './handshake.ts'

/** Opens the namespaces that are made for their first visitor. */
export interface Opener {
  /** Opens what the name stands for; null when that is nothing to wait for. Never rejects. */
  open(name: string): Promise<void> | null
  /** What whoever knocks hears when there is still no such namespace. */
  whyNot(name: string): ErrorCode
}

/** A namespace that is not there is opened, or refused with a code; none that was refused is kept. */
export function openOnDemand(io: Server, { open, whyNot }: Opener): void {
  const refuse = ({ nsp }: { nsp: { name: string } }, next: (fault: Error) => void) =>
    next(new HandshakeError(whyNot(nsp.name)))
  io.of('/').use(refuse)
  // Where a namespace of the name has come about meanwhile Socket.IO takes that; else it makes one, which refuses.
  const doorway = io.of((name, _auth, decide) => {
    const opening = open(name)
    if (opening) void opening.then(() => decide(null, true))
    else decide(null, true)
  })
  doorway.use(refuse)
}

type Privates = { _preConnectSockets: ReadonlyMap<string, unknown> }

/** Whether nobody is in a namespace or on the way in. */
export const isEmpty = (namespace: Pick<Namespace, 'sockets'>): boolean =>
  namespace.sockets.size === 0 && (namespace as unknown as Privates)._preConnectSockets.size === 0

/** Takes an empty namespace away, for which Socket.IO has no word. */
export function removeNamespace(io: Server, { name, adapter }: Pick<Namespace, 'name' | 'adapter'>): void {
  void adapter.close()
  io._nsps.delete(name)
}
