import type { Socket } from 'socket.io'
import { type ErrorCode, errors } from '../../protocol/errors.ts'

/** Socket.IO's private record of a connection and its sockets in all namespaces. */
type Client = { client?: { sockets?: ReadonlyMap<string, Pick<Socket, 'emit'>> } }

/** Tells a client in each of its namespaces why the server is about to close the connection. */
export function tellConnectionEnds(socket: object, code: ErrorCode): void {
  const { client } = socket as Client
  for (const one of client?.sockets?.values() ?? []) one.emit('session:ended', { code, message: errors[code].message })
}
