import type { LoopTurns } from './loop-turns.ts'
import type { GatewaySocket, SocketData } from './sockets.ts'
import type { WorkBudgets } from './work-budgets.ts'

/** Shares the loop between requests, and limits the work that one player may cause. */
export interface Pacing {
  /** Shared by all titles. */
  turns: LoopTurns
  /** One for each player of the title. */
  workBudgets: WorkBudgets
  /** Called with the name of the event that is being answered. */
  answering?: ((event: string) => void) | undefined
}

// How many requests of one player may wait, all tabs and devices together.
const MOST_WAITING = 400

interface QueuedRequest {
  /** A costly request is of use to its sender alone: it is dropped when the socket disconnects. */
  isCostly: boolean
  serve: () => void
}
/** Serves the request in its turn; false when too many wait already. */
export type Enqueue = (request: QueuedRequest) => boolean

/** The requests of one socket, served in order. Requests that wait when a client disconnects are served first. */
export function requestQueueOf<Data extends SocketData>(socket: GatewaySocket<Data>, { turns }: Pacing): Enqueue {
  const waiting = new Set<QueuedRequest>()
  socket.on('disconnecting', (reason) => {
    const rest = [...waiting]
    waiting.clear()
    // The server has thrown this socket out: its requests are dropped.
    if (reason === 'server namespace disconnect') return
    for (const { isCostly, serve } of rest) if (!isCostly) serve()
  })
  return (request) => {
    const { who } = socket.data
    if (turns.waitingFor(who) >= MOST_WAITING) return false
    waiting.add(request)
    const serve = () => {
      if (waiting.delete(request)) request.serve()
    }
    turns.run(who, serve, { isHeavy: request.isCostly })
    return true
  }
}

/** About how many bytes a connection sends while `send` runs. */
export function bytesSentBy(conn: GatewaySocket['conn'], send: () => void): number {
  let bytes = 0
  const count = ({ data }: { data?: unknown }) => {
    bytes += (data as { length?: number } | undefined)?.length ?? 0
  }
  conn.on('packetCreate', count)
  send()
  conn.off('packetCreate', count)
  return bytes
}
