import type { Server as HttpServer } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import type { Server, Socket } from 'socket.io'
import type { Clock, Elapsed, EpochMs, Log } from '../../ports.ts'
import { type Limit, TokenBucket } from '../../util/token-bucket.ts'
import type { LoopTurns } from '../guard/loop-turns.ts'
import { FrameCount } from './frames.ts'
import { RecentUse } from './recent-use.ts'

/*
 * What comes off a connection is counted before anybody reads it: frames of WebSocket, packets of polling, and bytes.
 * The relay lane of a socket gets 500 messages a second and 1,000 at once, of 16 KiB each; this leaves room for two of
 * them and for requests.
 */
const FRAMES: Limit = { burst: 6_000, perSecond: 3_000 }
const BYTES: Limit = { burst: 24_000_000, perSecond: 12_000_000 }
/** A connection’s bytes are read in pieces of this size: a hundred of the smallest frames. */
const PIECE_BYTES = 1_024
/** A connection of which more waits, or that has used much of the loop lately, lets the others pass. */
const LITTLE_BYTES = 4_096
/** A connection of which so much waits is not read any further for now. */
const MOST_WAITING_BYTES = 65_536
/** What is read of a connection that was closed: enough for the end of the WebSocket. */
const FAREWELL_BYTES = 16_384
const LOG_EVERY_MS = 1_000

type Engine = Socket['conn']
type Transport = Engine['transport']
interface WebSocket {
  _socket?: NetSocket
  terminate(): void
}
type Feed = (this: NetSocket, chunk: Buffer) => void

interface IntakeParts {
  clock: Clock
  log: Log
  elapsed: Elapsed
  /** In which requests are answered too. */
  turns: LoopTurns
  /** Told whenever the loop has come round. */
  progressed?: (() => void) | undefined
}

/** Counts what comes in by each connection and cuts those that flood; lets no connection keep the loop to itself. */
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
      // Nothing that it has sent is looked at any more: a polite end would wait for it.
      engine.close(true)
      webSocketOf(transport)?.terminate()
    }
    /** What tells of each chunk of a transport whether it may be read. */
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
        mayHandOn: farewellTo(engine, webSocket),
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
      if (tcp && going.length > 1) holdTogether(tcp)
    })
    watch(engine.transport)
    engine.on('upgrading', watch)
  }

  io.engine.on('connection', admit)
  readRequestsInTurn(io.httpServer as HttpServer, { turns, elapsed, progressed })
}

/** Requests that are sent one after the other without waiting for an answer may not keep the loop either. */
function readRequestsInTurn(http: HttpServer, { progressed, ...parts }: Sharing & { progressed: () => void }): void {
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

/** What is still read of a connection that was closed, whose peer may go on for ever. */
function farewellTo(engine: Engine, webSocket: WebSocket): (bytes: number) => boolean {
  let afterwards = 0
  return (bytes) => {
    if (engine.readyState === 'closed') afterwards += bytes
    if (afterwards <= FAREWELL_BYTES) return true
    // Not cut: the last answers are still on their way.
    webSocket._socket?.end()
    return false
  }
}

const webSocketOf = (transport: Transport): WebSocket | undefined =>
  (transport as unknown as { socket?: WebSocket }).socket

/** Whatever is written from now to the end of this tick goes out as one. */
function holdTogether(tcp: NetSocket): void {
  tcp.cork()
  process.nextTick(() => tcp.uncork())
}

interface Sharing {
  turns: LoopTurns
  elapsed: Elapsed
}
interface Reading extends Sharing {
  /** Counts what has come in; false when no more is to be read. */
  mayRead: (chunk: Buffer) => boolean
  /** Told before a piece is handed on; false when it is not to be. */
  mayHandOn: (bytes: number) => boolean
}

/**
 * Stands between a TCP socket and whoever reads it: hands the bytes on a piece at a time, while the loop has time.
 * Returns what ends that, for a socket that gets another reader.
 */
function readInPieces(tcp: NetSocket, { mayRead, mayHandOn, turns, elapsed }: Reading): () => void {
  const [feed] = tcp.listeners('data') as Feed[]
  if (!feed) return () => {}
  const reader = feed
  let waiting: Buffer[] = []
  let bytes = 0
  const use = new RecentUse(elapsed)

  /** The next of what waits, in pieces no larger than asked for. */
  function* pieces(most: number): Generator<Buffer> {
    for (let left = most; left > 0 && waiting[0]; ) {
      const piece = waiting[0].subarray(0, left)
      if (piece.length < waiting[0].length) waiting[0] = waiting[0].subarray(left)
      else waiting.shift()
      left -= piece.length
      bytes -= piece.length
      yield piece
    }
  }

  function drop(): void {
    waiting = []
    bytes = 0
  }

  function handOnPiece(): void {
    for (const piece of pieces(PIECE_BYTES)) {
      if (!mayHandOn(piece.length)) drop()
      else reader.call(tcp, piece)
    }
  }

  function handOn(): void {
    use.count(handOnPiece)
    if (waiting.length > 0) handOnInTurn()
    if (bytes < MOST_WAITING_BYTES && tcp.isPaused()) tcp.resume()
  }

  const handOnInTurn = () => turns.run(tcp, handOn, { isHeavy: bytes > LITTLE_BYTES || use.isMuch() })

  function take(chunk: Buffer): void {
    if (!mayRead(chunk)) return
    waiting.push(chunk)
    bytes += chunk.length
    if (waiting.length === 1) handOnInTurn()
    if (bytes >= MOST_WAITING_BYTES) tcp.pause()
  }

  function forget(): void {
    drop()
    turns.withdraw(tcp)
  }

  tcp.removeListener('data', feed)
  tcp.on('data', take)
  tcp.once('close', forget)
  return () => {
    tcp.off('data', take)
    tcp.off('close', forget)
    // Nobody may speak on before the new protocol has been agreed upon.
    if (waiting.length > 0) tcp.destroy()
    forget()
  }
}
