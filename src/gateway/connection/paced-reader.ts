import type { Socket as NetSocket } from 'node:net'
import type { Elapsed } from '../../ports.ts'
import type { LoopTurns } from '../guard/loop-turns.ts'
import { RecentUse } from './recent-use.ts'

/** Bytes are read in pieces of this size: a hundred of the smallest frames. */
const PIECE_BYTES = 1_024
/** A connection with more bytes waiting, or with much recent use of the loop, yields to the others. */
const LIGHT_BYTES = 4_096
/** A connection with this many bytes waiting is paused. */
const MAX_WAITING_BYTES = 65_536

type Feed = (this: NetSocket, chunk: Buffer) => void

export interface PacedReaderParts {
  turns: LoopTurns
  elapsed: Elapsed
}
interface Checks {
  /** Counts what has come in; false stops the reading. */
  mayRead: (chunk: Buffer) => boolean
  /** Asked before a piece is handed on; false drops what waits. */
  mayHandOn: (bytes: number) => boolean
}

/**
 * Stands between a TCP socket and its reader, and hands the bytes on a piece at a time while the loop has time. Returns
 * a function that removes it, for a socket that gets another reader.
 */
export function readInPieces(
  tcp: NetSocket,
  { mayRead, mayHandOn, turns, elapsed }: PacedReaderParts & Checks,
): () => void {
  const [feed] = tcp.listeners('data') as Feed[]
  if (!feed) return () => {}
  const reader = feed
  let waiting: Buffer[] = []
  let bytes = 0
  const use = new RecentUse(elapsed)

  /** Takes `most` bytes off what waits, as one piece or several. */
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
    if (waiting.length > 0) schedule()
    if (bytes < MAX_WAITING_BYTES && tcp.isPaused()) tcp.resume()
  }

  const schedule = () => turns.run(tcp, handOn, { isHeavy: bytes > LIGHT_BYTES || use.isMuch() })

  function take(chunk: Buffer): void {
    if (!mayRead(chunk)) return
    waiting.push(chunk)
    bytes += chunk.length
    if (waiting.length === 1) schedule()
    if (bytes >= MAX_WAITING_BYTES) tcp.pause()
  }

  function release(): void {
    drop()
    turns.withdraw(tcp)
  }

  tcp.removeListener('data', feed)
  tcp.on('data', take)
  tcp.once('close', release)
  return () => {
    tcp.off('data', take)
    tcp.off('close', release)
    // A client may send nothing more until the new protocol is agreed.
    if (waiting.length > 0) tcp.destroy()
    release()
  }
}
