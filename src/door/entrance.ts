import type { Clock, Log } from '../ports.ts'
import { type Caller, type Guest, type GuestHall, newVisitor, type Visitor } from './guard.ts'
import { HandshakeError, type Welcome } from './handshake.ts'
import { closeWhenNowhere } from './idle.ts'

interface EntranceParts<Data> {
  welcome: Welcome
  clock: Clock
  log: Log
  /** Adds what the namespace keeps with a connection. */
  furnish: (visitor: Visitor) => Data
}

/** Lets a player's connection into a namespace once its handshake is accepted, and once only. */
export function openEntrance<Data extends Visitor>(hall: GuestHall<Data>, parts: EntranceParts<Data>): void {
  const { welcome, clock, log, furnish } = parts
  openGate(hall, {
    admit: async ({ handshake }) => furnish(newVisitor(await welcome(handshake.auth), clock)),
    clock,
    log,
  })
}

interface GateParts<Data extends Caller> {
  /** What is kept with the connection; rejects with a `HandshakeError` when it may not come in. */
  admit: (socket: Guest<Data>) => Promise<Data>
  clock: Clock
  log: Log
}

/** Lets a connection into a namespace once `admit` has resolved, and once only. */
export function openGate<Data extends Caller>(hall: GuestHall<Data>, { admit, clock, log }: GateParts<Data>): void {
  const inside = new WeakSet<Guest['conn']>()

  hall.use((socket, next) => {
    const { conn } = socket
    // A second CONNECT while the first is still on its way would be a second player on one connection.
    if (inside.has(conn)) {
      conn.close()
      return next(new HandshakeError('BAD_REQUEST'))
    }
    inside.add(conn)
    admit(socket).then(
      (data) => {
        socket.data = data
        next()
      },
      (fault: unknown) => {
        inside.delete(conn)
        if (!(fault instanceof HandshakeError)) log.error({ err: fault }, 'handshake failed')
        next(fault instanceof HandshakeError ? fault : new HandshakeError('INTERNAL'))
      },
    )
  })
  hall.on('connection', (socket) => {
    socket.on('disconnect', () => {
      inside.delete(socket.conn)
      closeWhenNowhere(socket, clock)
    })
  })
}
