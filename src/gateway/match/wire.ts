import type { Socket as NetSocket } from 'node:net'
import type { Socket } from 'socket.io'

/*
 * Uses private parts of Engine.IO and ws. A frame that is the same for every receiver is encoded once and written to
 * each receiver's TCP socket, past three layers that would repeat the work for each receiver. When the state of a
 * connection does not allow this, `send` returns false and the caller sends through Socket.IO.
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

/** The TCP socket below a connection. */
export interface Wire {
  /** Writes whole WebSocket frames; false, with nothing written, when the message must go through Socket.IO. */
  send(frame: Buffer): boolean
  /** Bytes that wait for the client; 0 for `noWire`. */
  readonly backlog: number
}

/** For a connection that always sends through Socket.IO. */
export const noWire: Wire = { send: () => false, backlog: 0 }

export function wireOf(engine: EngineSocket): Wire {
  const { socket } = engine.transport as unknown as { socket?: WebSocket }
  // Polling has no WebSocket; a compressed WebSocket needs a compressor per connection.
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
    // Messages still queued in Engine.IO or ws were sent earlier and must arrive earlier.
    if (readyState !== OPEN || this.#engine.writeBuffer.length > 0 || _sender._bufferedBytes > 0) return false
    this.#tcp.write(frame)
    return true
  }

  get backlog(): number {
    return this.#tcp.writableLength
  }
}

/** The frame of `socket.emit(event, …)` in a namespace, as Socket.IO over Engine.IO sends it; `args` is JSON. */
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
