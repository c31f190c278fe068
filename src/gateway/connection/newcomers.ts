import type { IncomingMessage } from 'node:http'
import type { Server, Socket } from 'socket.io'
import { createCounts } from '../../util/counts.ts'
import { networkOf } from './address.ts'
import type { Proxies } from './proxies.ts'

type Connection = Socket['conn']

/** How many connections of one address may wait to enter their first namespace. Clients enter at once. */
export const MOST_NEWCOMERS = 2_000

const uncounts = new WeakMap<Connection, () => void>()

/** Counts, by address, the connections that have not entered a namespace yet: each costs memory until it is cut. */
export function createNewcomers(proxies: Pick<Proxies, 'addressOf'>) {
  const counts = createCounts<string>()
  const networkOfRequest = (req: IncomingMessage) => networkOf(proxies.addressOf(req))

  function add(conn: Connection): void {
    const network = networkOfRequest(conn.request)
    counts.add(network)
    const uncountOnce = () => {
      if (uncounts.delete(conn)) counts.remove(network)
    }
    uncounts.set(conn, uncountOnce)
    conn.once('close', uncountOnce)
  }

  return {
    watch: ({ engine }: Pick<Server, 'engine'>): void => void engine.on('connection', add),
    mayConnect: (req: IncomingMessage): boolean => counts.of(networkOfRequest(req)) < MOST_NEWCOMERS,
    /** How many addresses have newcomers. */
    size: counts.size,
  }
}

export type Newcomers = ReturnType<typeof createNewcomers>

/** Call when a connection has entered a namespace. */
export const hasEntered = ({ conn }: Pick<Socket, 'conn'>): void => uncounts.get(conn)?.()
