import type { Socket } from 'socket.io'
import type { Cancel, Clock } from '../../ports.ts'

// As long as Socket.IO lets a connection take to join its first namespace.
const IDLE_MS = 5_000

type Namespaces = { nsps: ReadonlyMap<string, unknown> }

const waiting = new WeakMap<Socket['conn'], Cancel>()

/** Closes a connection that has left its last namespace, unless it enters one within five seconds. */
export function closeWhenIdle({ client, conn }: Pick<Socket, 'client' | 'conn'>, clock: Clock): void {
  const { nsps } = client as unknown as Namespaces
  if (conn.readyState !== 'open' || nsps.size > 0 || waiting.has(conn)) return
  const stopTimer = clock.at(clock.now() + IDLE_MS, () => {
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
export const keepOpen = ({ conn }: Pick<Socket, 'conn'>): void => waiting.get(conn)?.()
