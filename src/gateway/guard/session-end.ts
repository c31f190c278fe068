import type { Socket } from 'socket.io'
import { type ErrorCode, errors } from '../../protocol/errors.ts'

/** All of a connection, in whichever namespace; private to Socket.IO. */
type Client = { client?: { sockets?: ReadonlyMap<string, Pick<Socket, 'emit'>> } }

/** Says why the server ends a connection, in each of its namespaces; to be followed by the end. */
export function tellConnectionEnds(socket: object, code: ErrorCode): void {
  const { client } = socket as Client
  for (const one of client?.sockets?.values() ?? []) one.emit('session:ended', { code, message: errors[code].message })
}
