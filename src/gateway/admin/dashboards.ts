import type { Socket } from 'socket.io'
import type { Cancel, Clock } from '../../ports.ts'
import type { TellsOf } from '../../protocol/declare.ts'
import type { admin } from '../../protocol/events/admin.ts'
import type { GatewayNamespace, SocketData } from '../guard/sockets.ts'

const ROOM = 'dashboards'
const STATS_MS = 1_000

type Tells = TellsOf<typeof admin>
interface DashboardsParts {
  namespace: GatewayNamespace<SocketData>
  stats: () => Parameters<Tells['admin:stats']>[0]
  clock: Clock
}
export type Dashboards = ReturnType<typeof createDashboards>

/** Tells watching operators what happens, and the counts once a second. Does nothing while nobody watches. */
export function createDashboards({ namespace, stats, clock }: DashboardsParts) {
  let watching = 0
  let cancel: Cancel = () => {}

  function tell<E extends keyof Tells>(event: E, news: () => Parameters<Tells[E]>[0]): void {
    if (watching > 0) namespace.to(ROOM).emit(event, news())
  }
  function tick(): void {
    cancel = clock.at(clock.now() + STATS_MS, tick)
    tell('admin:stats', stats)
  }

  return {
    tell,
    isWatched: () => watching > 0,
    /** Adds a socket until it disconnects. */
    add(socket: Pick<Socket, 'join' | 'on'>): void {
      void socket.join(ROOM)
      watching += 1
      if (watching === 1) cancel = clock.at(clock.now() + STATS_MS, tick)
      socket.on('disconnect', () => {
        watching -= 1
        if (watching === 0) cancel()
      })
    },
  }
}
