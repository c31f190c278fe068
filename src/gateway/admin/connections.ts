import type { OperatorService } from '../../admin/operator-service.ts'
import type { Log } from '../../ports.ts'
import { isShared } from '../../protocol/ids.ts'
import { behindWall } from '../../util/walls.ts'
import type { GatewayNamespace, GatewaySocket } from '../guard/sockets.ts'
import type { Dashboards } from './dashboards.ts'

interface ConnectionWatchParts {
  operatorService: OperatorService
  dashboards: Dashboards
  log: Log
}

/** Tells dashboards when players of a namespace connect and disconnect. Call after the code that joins their rooms. */
export function watchConnections(
  namespace: Pick<GatewayNamespace, 'on'>,
  { operatorService, dashboards, log }: ConnectionWatchParts,
): void {
  const enter = (socket: GatewaySocket) => {
    tellOf(socket, 0)
    // At `disconnect` the socket has already left its rooms.
    socket.on(
      'disconnecting',
      behindWall(log, () => tellOf(socket, 1, [...socket.rooms].filter(isShared))),
    )
  }
  namespace.on('connection', behindWall(log, enter))

  function tellOf(socket: GatewaySocket, going: 0 | 1, left: string[] = []): void {
    const { id: playerId, name } = socket.data.session.player
    dashboards.tell('admin:player', () => {
      const connections = operatorService.connectionsOf(playerId) - going
      const status = connections > 0 ? operatorService.statusOf(playerId) : 'offline'
      return { playerId, name, status, connections, ...(left.length > 0 && { left }) }
    })
  }
}
