import type { Server, Socket } from 'socket.io'
import type { Cancel, Clock, EpochMs, Log } from '../../ports.ts'
import type { SteadyClock } from '../../util/outage.ts'
import { visitEach } from '../../util/walls.ts'

/** How many bytes may wait for one connection; a client that reads keeps this near zero. */
export const MAX_BACKLOG_BYTES = 1_000_000
const MAX_STALL_MS = 4_000
const SWEEP_MS = 500

/** The parts of an Engine.IO connection that show its backlog; `transport.socket` is private to `ws`. */
export interface Connection {
  readonly readyState: string
  readonly writeBuffer: readonly { data?: unknown }[]
  readonly transport: { readonly name: string; readonly socket?: { readonly bufferedAmount?: number } }
  close(discard?: boolean): void
  once(event: 'close', listener: () => void): unknown
}

const sizeOf = (data: unknown): number =>
  typeof data === 'string' ? data.length : ArrayBuffer.isView(data) ? data.byteLength : 0

/** Bytes written for this connection that its client has not taken yet. */
export const backlogOf = ({ transport, writeBuffer }: Connection): number =>
  (transport.socket?.bufferedAmount ?? 0) + writeBuffer.reduce((sum, { data }) => sum + sizeOf(data), 0)

export interface ReaderWatch {
  /** Checks one connection now: call it after a large write. */
  look(connection: Socket['conn']): void
  stop(): void
}

/**
 * Cuts connections of clients that do not keep up: more than `MAX_BACKLOG_BYTES` wait, or the backlog has not shrunk
 * for `MAX_STALL_MS`. Engine.IO's heartbeat misses them: a client may answer pings and read nothing else.
 */
export function watchReaders(io: Server, clock: Clock & Partial<SteadyClock>, log: Log): ReaderWatch {
  const behind = new Map<Connection, { bytes: number; since: EpochMs }>()
  const closed = new WeakSet<Connection>()
  let cancel: Cancel = () => {}
  // During a stall of ours no client could read.
  const unwatch = clock.onStall?.(() => behind.clear())

  function look(connection: Connection): void {
    const bytes = backlogOf(connection)
    if (bytes === 0) return void behind.delete(connection)
    if (closed.has(connection)) return
    const now = clock.now()
    const last = behind.get(connection)
    const since = last && bytes >= last.bytes ? last.since : now
    behind.set(connection, { bytes, since })
    const stalledMs = now - since
    if (bytes <= MAX_BACKLOG_BYTES && stalledMs < MAX_STALL_MS) return
    behind.delete(connection)
    closed.add(connection)
    log.warn({ bytes, stalledMs, code: 'SLOW_CONSUMER' }, 'slow reader cut')
    cut(connection)
  }

  function sweep(): void {
    const { clients } = io.engine as unknown as { clients: Record<string, Connection> }
    arm()
    visitEach(Object.values(clients), look)
    for (const connection of behind.keys()) if (connection.readyState !== 'open') behind.delete(connection)
  }
  const arm = () => {
    cancel = clock.at(clock.now() + SWEEP_MS, sweep)
  }
  arm()
  function stop(): void {
    cancel()
    unwatch?.()
  }
  return { look: (connection) => look(connection as unknown as Connection), stop }
}

// A graceful close would wait behind the bytes that the client does not read.
function cut(connection: Connection): void {
  const { socket } = connection.transport as { socket?: { terminate?: () => void } }
  if (socket?.terminate) socket.terminate()
  else connection.close(true)
}
