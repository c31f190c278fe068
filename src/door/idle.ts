import type { Socket } from 'socket.io'
import type { Clock } from '../ports.ts'

// As long as a connection may take to join its first namespace.
const LONGEST_MS = 5_000

type Nowhere = { nsps: ReadonlyMap<string, unknown> }

/** Closes the connection of a socket that has left its namespace, unless it is in another one by then. */
export function closeWhenNowhere({ client, conn }: Pick<Socket, 'client' | 'conn'>, clock: Clock): void {
  const { nsps } = client as unknown as Nowhere
  if (conn.readyState !== 'open' || nsps.size > 0) return
  const cancel = clock.at(clock.now() + LONGEST_MS, () => {
    if (nsps.size === 0) conn.close()
  })
  conn.once('close', cancel)
}
