import type { Server as HttpServer } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import type { Server, Socket } from 'socket.io'
import type { Clock, EpochMs, Log } from '../../ports.ts'
import { type Limit, TokenBucket } from '../../util/rate-limit.ts'
import { FrameCount } from './frames.ts'
import { type PacedReaderParts, readInPieces } from './paced-reader.ts'

/*
 * Limits on input before it is parsed: WebSocket frames, polling packets, and bytes. The relay allows a socket 500
 * messages a second and 1,000 at once, of 16 KiB each; these limits leave room for two such sockets and their requests.
 */
const FRAMES: Limit = { burst: 6_000, everyMs: 1_000 / 3_000 }
const BYTES: Limit = { burst: 24_000_000, everyMs: 1_000 / 12_000_000 }
/** How much is read after a connection was closed: enough for the WebSocket's closing handshake. */
const CLOSING_BYTES = 16_384
const LOG_EVERY_MS = 1_000

type Engine = Socket['conn']
type Transport = Engine['transport']
interface WebSocket {
  _socket?: NetSocket
  terminate(): void
}

interface IntakeParts extends PacedReaderParts {
  clock: Clock
  log: Log
  /** Called whenever the loop makes progress. */
  progressed?: (() => void) | undefined
}

/** Counts the input of each connection, cuts connections that flood, and shares the loop between the others. */
export function watchIntake(io: Server, { clock, log, elapsed, turns, progressed = () => {} }: IntakeParts): void {
  let cuts = 0
  let loggedAt: EpochMs = Number.NEGATIVE_INFINITY

  function noteCut({ remoteAddress: address }: Engine): void {
    cuts += 1
    if (clock.now() < loggedAt + LOG_EVERY_MS) return
    log.warn({ code: 'RATE_LIMITED', address, connections: cuts }, 'flooding connection cut')
    loggedAt = clock.now()
    cuts = 0
  }

  function admit(engine: Engine): void {
    const frames = new TokenBucket(FRAMES, clock.now())
    const bytes = new TokenBucket(BYTES, clock.now())
    const watched = new WeakSet<Transport>()

    function cut(transport: Transport): void {
      if (engine.readyState !== 'closed') noteCut(engine)
      // A graceful close would wait for input that nobody parses any more.
      engine.close(true)
      webSocketOf(transport)?.terminate()
    }
    /** Counts each chunk of a transport; false, and the connection is cut, when it floods. */
    function counterOf(transport: Transport): (chunk: Buffer) => boolean {
      const framing = new FrameCount()
      return (chunk) => {
        progressed()
        const now = clock.now()
        const isWithin = bytes.take(now, chunk.length) === 'ok' && frames.take(now, framing.count(chunk)) === 'ok'
        if (!isWithin) cut(transport)
        return isWithin
      }
    }
    function watch(transport: Transport): void {
      if (watched.has(transport)) return
      watched.add(transport)
      const webSocket = webSocketOf(transport)
      if (!webSocket?._socket) return
      readInPieces(webSocket._socket, {
        mayRead: counterOf(transport),
        mayHandOn: closingAllowance(engine, webSocket),
        turns,
        elapsed,
      })
    }

    engine.on('packet', () => {
      const { transport } = engine
      if (!webSocketOf(transport) && frames.take(clock.now()) !== 'ok') cut(transport)
    })
    engine.on('flush', (going: readonly unknown[]) => {
      const tcp = webSocketOf(engine.transport)?._socket
      if (tcp && going.length > 1) corkForTick(tcp)
    })
    watch(engine.transport)
    engine.on('upgrading', watch)
  }

  io.engine.on('connection', admit)
  paceHttp(io.httpServer as HttpServer, { turns, elapsed, progressed })
}

/** Reads HTTP connections in pieces too: a client may pipeline requests. */
function paceHttp(http: HttpServer, { progressed, ...parts }: PacedReaderParts & { progressed: () => void }): void {
  const ends = new WeakMap<object, () => void>()
  const mayRead = () => {
    progressed()
    return true
  }
  http.on('connection', (tcp: NetSocket) => {
    ends.set(tcp, readInPieces(tcp, { mayRead, mayHandOn: () => !tcp.destroyed, ...parts }))
  })
  http.prependListener('upgrade', (_req, tcp) => ends.get(tcp)?.())
}

/** Limits what is read after a connection was closed, since its client may go on sending. */
function closingAllowance(engine: Engine, webSocket: WebSocket): (bytes: number) => boolean {
  let bytesAfterClose = 0
  return (bytes) => {
    if (engine.readyState === 'closed') bytesAfterClose += bytes
    if (bytesAfterClose <= CLOSING_BYTES) return true
    // Ended, not destroyed: the last replies are still being sent.
    webSocket._socket?.end()
    return false
  }
}

const webSocketOf = (transport: Transport): WebSocket | undefined =>
  (transport as unknown as { socket?: WebSocket }).socket

/** Sends everything that is written in this tick as one. */
function corkForTick(tcp: NetSocket): void {
  tcp.cork()
  process.nextTick(() => tcp.uncork())
}
