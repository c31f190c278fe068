import type { OperatorService } from '../../admin/operator-service.ts'
import type { Log } from '../../ports.ts'
import { isShared } from '../../protocol/ids.ts'
import { behindWall } from '../../util/walls.ts'
import type { GatewayNamespace, GatewaySocket } from '../guard/sockets.ts'
import type { Dashboards } from './dashboards.ts'

interface AttendanceParts {
  operatorService: OperatorService
  dashboards: Dashboards
  log: Log
}

/** Lets dashboards hear as the players of a namespace come and go. To be called after whoever puts them into their rooms. */
export function watchAttendance(
  namespace: Pick<GatewayNamespace, 'on'>,
  { operatorService, dashboards, log }: AttendanceParts,
): void {
  const enter = (socket: GatewaySocket) => {
    tellOf(socket, 0)
    // By `disconnect` the socket has left its rooms, and nobody could say any more which they were.
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
