import type { Server } from 'socket.io'
import type { Cancel, Clock } from '../../ports.ts'
import type { Connection } from './slow-readers.ts'

// Long enough for a client that reads what it is sent.
const FLUSH_MS = 2_000

/** Sends what is still queued, then closes every connection; waits at most two seconds. */
export async function disconnectAll(io: Server, clock: Clock): Promise<void> {
  const { clients } = io.engine as unknown as { clients: Record<string, Connection> }
  const allClosed = Promise.all(Object.values(clients).map(close))
  let cancel: Cancel = () => {}
  const timeout = new Promise<void>((resolve) => {
    cancel = clock.at(clock.now() + FLUSH_MS, resolve)
  })
  await Promise.race([allClosed, timeout])
  cancel()
}

// Unlike `io.close()`, this flushes the write buffer first. Clients see a lost connection and reconnect by themselves.
function close(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.once('close', () => resolve())
    connection.close()
  })
}
