import type { Socket } from 'socket.io'
import type { Cancel, Clock } from '../../ports.ts'

// As long as a connection may take to join its first namespace.
const LONGEST_MS = 5_000

type Nowhere = { nsps: ReadonlyMap<string, unknown> }
type Place = Pick<Socket, 'client' | 'conn'>

const waiting = new WeakMap<Socket['conn'], Cancel>()

/** Closes the connection of a socket that has left its namespace, unless it is in another one by then. */
export function closeWhenNowhere({ client, conn }: Place, clock: Clock): void {
  const { nsps } = client as unknown as Nowhere
  if (conn.readyState !== 'open' || nsps.size > 0 || waiting.has(conn)) return
  const stopTimer = clock.at(clock.now() + LONGEST_MS, () => {
    cancel()
    conn.close()
  })
  const cancel = () => {
    stopTimer()
    conn.off('close', cancel)
    waiting.delete(conn)
  }
  conn.once('close', cancel)
  waiting.set(conn, cancel)
}

/** Call when a connection has entered a namespace. */
export const isSomewhere = ({ conn }: Pick<Socket, 'conn'>): void => waiting.get(conn)?.()
