import type { LoopTurns } from './loop-turns.ts'
import type { GatewaySocket, SocketData } from './sockets.ts'
import type { WorkBudgets } from './work-budgets.ts'

/** How requests are kept from holding the loop, and players from asking for more than their share. */
export interface Pacing {
  /** Of all titles together. */
  turns: LoopTurns
  /** Of the title's players. */
  workBudgets: WorkBudgets
  /** Told which event is being answered. */
  answering?: ((event: string) => void) | undefined
}

// What one player may have waiting for a turn, by all tabs and devices together.
const MOST_WAITING = 400

export interface Asked {
  /** Whether it is for nobody once the one who asked has gone. */
  isCostly: boolean
  serve: () => void
}

/**
 * Has what is asked by a socket done in its turn, in the order it came; false when too much waits already. What was
 * asked before a socket left is done before it has left.
 */
export function lineOf<Data extends SocketData>(
  socket: GatewaySocket<Data>,
  { turns }: Pacing,
): (asked: Asked) => boolean {
  const waiting = new Set<Asked>()
  socket.on('disconnecting', (reason) => {
    const left = [...waiting]
    waiting.clear()
    // Whoever is thrown out is not listened to any more.
    if (reason === 'server namespace disconnect') return
    for (const { isCostly, serve } of left) if (!isCostly) serve()
  })
  return (asked) => {
    const { who } = socket.data
    if (turns.waitingFor(who) >= MOST_WAITING) return false
    waiting.add(asked)
    const serve = () => {
      if (waiting.delete(asked)) asked.serve()
    }
    turns.run(who, serve, { isHeavy: asked.isCostly })
    return true
  }
}

/** What goes out by a connection while something is said to it, in bytes or nearly so. */
export function bytesSentBy(conn: GatewaySocket['conn'], say: () => void): number {
  let bytes = 0
  const count = ({ data }: { data?: unknown }) => {
    bytes += (data as { length?: number } | undefined)?.length ?? 0
  }
  conn.on('packetCreate', count)
  say()
  conn.off('packetCreate', count)
  return bytes
}
