import type { Socket as NetSocket } from 'node:net'
import type { Socket } from 'socket.io'

/*
 * The only file that touches private parts of Engine.IO and ws. A frame that is the same for every receiver is made
 * once and written to each receiver's TCP socket, past three layers that would do the same work per receiver.
 * Wherever a connection is not in the plain state, `send` says so and the caller takes Socket.IO's own path.
 */

type EngineSocket = Socket['conn']
interface WebSocket {
  readyState: number
  _extensions: object
  _socket: NetSocket | null
  _sender: { _bufferedBytes: number }
}
const OPEN = 1
const TEXT_FRAME = 0x81

/** A connection, seen from below. */
export interface Wire {
  /** Writes whole WebSocket frames; false, with nothing written, when this connection must take the stock path. */
  send(frame: Buffer): boolean
  /** Bytes that wait for the peer; 0 for a connection that always takes the stock path. */
  readonly backlog: number
}

/** For a connection that always takes the stock path. */
export const noWire: Wire = { send: () => false, backlog: 0 }

export function wireOf(engine: EngineSocket): Wire {
  const { socket } = engine.transport as unknown as { socket?: WebSocket }
  // Polling has no WebSocket; a compressed one wants each frame through its own compressor.
  if (engine.transport.name !== 'websocket' || !socket?._socket || Object.keys(socket._extensions).length > 0) {
    return noWire
  }
  return new TcpWire(engine, socket, socket._socket)
}

class TcpWire implements Wire {
  readonly #engine: { writeBuffer: unknown[] }
  readonly #socket: WebSocket
  readonly #tcp: NetSocket

  constructor(engine: EngineSocket, socket: WebSocket, tcp: NetSocket) {
    this.#engine = engine as unknown as { writeBuffer: unknown[] }
    this.#socket = socket
    this.#tcp = tcp
  }

  send(frame: Buffer): boolean {
    const { readyState, _sender } = this.#socket
    // Anything still queued above us was said earlier and must arrive earlier.
    if (readyState !== OPEN || this.#engine.writeBuffer.length > 0 || _sender._bufferedBytes > 0) return false
    this.#tcp.write(frame)
    return true
  }

  get backlog(): number {
    return this.#tcp.writableLength
  }
}

/** Socket.IO's packet for `socket.emit(event, …)` in a namespace, in Engine.IO's for a message; `args` is JSON. */
export const eventFrame = (namespace: string, event: string, args: string): Buffer =>
  textFrame(`42${namespace},["${event}",${args}]`)

/** A WebSocket text frame as a server sends it: final, unmasked (RFC 6455, section 5.2). */
function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text)
  const headerBytes = bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerBytes + bytes)
  frame[0] = TEXT_FRAME
  if (headerBytes === 2) frame[1] = bytes
  else if (headerBytes === 4) {
    frame[1] = 126
    frame.writeUInt16BE(bytes, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(bytes), 2)
  }
  frame.write(text, headerBytes)
  return frame
}
