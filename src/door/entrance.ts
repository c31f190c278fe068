import type { Clock } from '../ports.ts'
import { type GuestHall, newVisitor, type Visitor } from './guard.ts'
import { HandshakeError, type Welcome } from './handshake.ts'

/** Lets a connection into a namespace once its handshake is accepted; `furnish` adds what the namespace keeps with it. */
export function openEntrance<Data extends Visitor>(
  hall: GuestHall<Data>,
  { welcome, clock, furnish }: { welcome: Welcome; clock: Clock; furnish: (visitor: Visitor) => Data },
): void {
  hall.use(async (socket, next) => {
    try {
      socket.data = furnish(newVisitor(await welcome(socket.handshake.auth), clock))
      next()
    } catch (fault) {
      next(fault instanceof HandshakeError ? fault : new HandshakeError('INTERNAL'))
    }
  })
}
