import type { Socket } from 'socket.io'
import { type ErrorCode, errors } from '../../protocol/errors.ts'

type Teller = Pick<Socket, 'emit'>
/** All of a connection, in whichever namespace; private to Socket.IO. */
type Client = { client?: { sockets?: ReadonlyMap<string, Teller> } }

/** Says why the server ends a connection, in each of its namespaces; to be followed by the end. */
export function tellConnectionEnds(socket: object, code: ErrorCode): void {
  const { client } = socket as Client
  for (const one of client?.sockets?.values() ?? []) tellSessionEnds(one, code)
}

/** The same for one socket, which alone is disconnected. */
export function tellSessionEnds(socket: Teller, code: ErrorCode, says = errors[code].message): void {
  socket.emit('session:ended', { code, message: says })
}
