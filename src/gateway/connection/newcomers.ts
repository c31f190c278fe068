import type { IncomingMessage } from 'node:http'
import type { Server, Socket } from 'socket.io'
import { networkOf } from './address.ts'
import type { Proxies } from './proxies.ts'

type Connection = Socket['conn']

/** How many connections of one address may be in no namespace yet. A client is in one as soon as it is connected. */
export const MOST_NEWCOMERS = 2_000

const enters = new WeakMap<Connection, () => void>()

/** Counts the connections of each address that have not been in a namespace yet: each costs memory until it is cut. */
export function createNewcomers(proxies: Pick<Proxies, 'addressOf'>) {
  const counts = new Map<string, number>()
  const networkOfRequest = (req: IncomingMessage) => networkOf(proxies.addressOf(req))

  function leave(network: string): void {
    const left = (counts.get(network) ?? 0) - 1
    if (left > 0) counts.set(network, left)
    else counts.delete(network)
  }

  function arrive(conn: Connection): void {
    const network = networkOfRequest(conn.request)
    counts.set(network, (counts.get(network) ?? 0) + 1)
    const enter = () => {
      if (enters.delete(conn)) leave(network)
    }
    enters.set(conn, enter)
    conn.once('close', enter)
  }

  return {
    watch: ({ engine }: Pick<Server, 'engine'>): void => void engine.on('connection', arrive),
    mayCome: (req: IncomingMessage): boolean => (counts.get(networkOfRequest(req)) ?? 0) < MOST_NEWCOMERS,
    /** Addresses of which there are any. */
    size: () => counts.size,
  }
}

export type Newcomers = ReturnType<typeof createNewcomers>

/** Call when a connection has entered a namespace. */
export const hasEntered = ({ conn }: Pick<Socket, 'conn'>): void => enters.get(conn)?.()
