import type { Clock, Log } from '../ports.ts'
import { type Guest, type GuestHall, newVisitor, type Visitor } from './guard.ts'
import { HandshakeError, type Welcome } from './handshake.ts'

interface EntranceParts<Data> {
  welcome: Welcome
  clock: Clock
  log: Log
  /** Adds what the namespace keeps with a connection. */
  furnish: (visitor: Visitor) => Data
}

/** Lets a connection into a namespace once its handshake is accepted, and once only. */
export function openEntrance<Data extends Visitor>(hall: GuestHall<Data>, parts: EntranceParts<Data>): void {
  const { welcome, clock, log, furnish } = parts
  const inside = new WeakSet<Guest['conn']>()

  async function admit(socket: Guest<Data>): Promise<void> {
    socket.data = furnish(newVisitor(await welcome(socket.handshake.auth), clock))
  }
  hall.use((socket, next) => {
    const { conn } = socket
    // A second CONNECT while the first is still on its way would be a second player on one connection.
    if (inside.has(conn)) return void conn.close()
    inside.add(conn)
    admit(socket).then(
      () => next(),
      (fault: unknown) => {
        inside.delete(conn)
        if (!(fault instanceof HandshakeError)) log.error({ err: fault }, 'handshake failed')
        next(fault instanceof HandshakeError ? fault : new HandshakeError('INTERNAL'))
      },
    )
  })
  hall.on('connection', (socket) => {
    socket.on('disconnect', () => inside.delete(socket.conn))
  })
}
