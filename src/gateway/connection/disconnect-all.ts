import type { Server } from 'socket.io'
import type { Cancel, Clock } from '../../ports.ts'
import type { Connection } from './slow-readers.ts'

// Enough for a reader that reads; who does not is not waited for.
const FLUSH_MS = 2_000

/** Disconnects everyone, after what was said to them before has gone out. */
export async function disconnectAll(io: Server, clock: Clock): Promise<void> {
  const { clients } = io.engine as unknown as { clients: Record<string, Connection> }
  const gone = Object.values(clients).map((connection) => closed(connection))
  let cancel: Cancel = () => {}
  const tooLong = new Promise<void>((resolve) => {
    cancel = clock.at(clock.now() + FLUSH_MS, resolve)
  })
  await Promise.race([Promise.all(gone), tooLong])
  cancel()
}

// Unlike `io.close()`, this lets what is still queued go out. To clients it looks like a lost connection, which they
// open again by themselves.
function closed(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.once('close', () => resolve())
    connection.close()
  })
}
