import type { Log } from '../../ports.ts'
import type { GatewayNamespace, GatewaySocket, SocketData } from './sockets.ts'

const MAX_NAME = 64

/**
 * Logs every event in and out of a namespace by its name and size, never its content. For development: to be installed
 * before anything else listens, and only where somebody reads such lines.
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

/** What the arguments of an event weigh as JSON, bytes as they are and acks not at all; null when that cannot be said. */
export function bytesOf(args: readonly unknown[]): number | null {
  let binary = 0
  function weigh(this: Record<string, unknown>, key: string, value: unknown): unknown {
    // A buffer has by now been written as JSON.
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
          weigh,
        ),
      ) + binary
    )
  } catch {
    // Nested too deeply for JSON; the guard is about to refuse it.
    return null
  }
}
