import type { Log } from '../../ports.ts'
import type { GatewayNamespace, GatewaySocket, SocketData } from './sockets.ts'

const MAX_NAME = 64

/**
 * Logs every event of a namespace by name and size, never its content. For development: install it before other
 * listeners, and only when the log level is `debug` or lower.
 */
export function logEvents<Data extends SocketData>(namespace: GatewayNamespace<Data>, log: Log): void {
  namespace.on('connection', (socket: GatewaySocket<Data>) => {
    const line = ([event, ...args]: unknown[]) => ({
      namespace: namespace.name,
      socket: socket.id,
      event: String(event).slice(0, MAX_NAME),
      bytes: bytesOf(args),
    })
    socket.use((packet, next) => {
      log.debug(line(packet), 'event came in')
      next()
    })
    socket.onAnyOutgoing((...packet: unknown[]) => log.debug(line(packet), 'event went out'))
  })
}

/** The size of an event's arguments in bytes: JSON, plus binary data as it is, without acks; null if JSON fails. */
export function bytesOf(args: readonly unknown[]): number | null {
  let binary = 0
  function countBinary(this: Record<string, unknown>, key: string, value: unknown): unknown {
    // `value` of a buffer is already its `toJSON` form.
    const raw = this[key]
    if (!(raw instanceof ArrayBuffer || ArrayBuffer.isView(raw))) return value
    binary += raw.byteLength
    return undefined
  }
  try {
    return (
      Buffer.byteLength(
        JSON.stringify(
          args.filter((arg) => typeof arg !== 'function'),
          countBinary,
        ),
      ) + binary
    )
  } catch {
    // Nested too deeply for JSON; the guard will refuse it.
    return null
  }
}
