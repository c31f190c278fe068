import { type About, createOperatorService, type Sizes, type TitleInBrief } from '../../admin/operator-service.ts'
import type { Lobbies } from '../../lobby/custom/lobbies.ts'
import type { Parties } from '../../lobby/party/parties.ts'
import type { Queue } from '../../lobby/queue/queue.ts'
import type { SeatIndex } from '../../lobby/seats/seat-index.ts'
import type { Matches } from '../../match/matches.ts'
import type { MatchInBrief } from '../../match/ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { walledListener } from '../../util/walls.ts'
import type { GuardParts } from '../guard/guard.ts'
import type { GatewayNamespace, SocketData } from '../guard/sockets.ts'
import type { MatchNamespace } from '../match/rooms.ts'
import { connectedPlayersIn } from './connected-players.ts'
import { watchConnections } from './connections.ts'
import { createDashboards } from './dashboards.ts'
import { openAdminNamespace } from './namespace.ts'

interface AdminParts extends GuardParts {
  namespace: GatewayNamespace<SocketData>
  /** The token of the title's operators. */
  token: string
  about: About
  /** `/lobby` and `/match`. */
  playerNamespaces: readonly [GatewayNamespace, MatchNamespace]
  queue: Queue
  lobbies: Lobbies
  parties: Parties
  matches: Matches
  seats: SeatIndex
  sizes: () => Sizes
  /** The other open titles, for the operators of the service. */
  others: () => TitleInBrief[]
}

/** Opens `/admin` of a title, and tells its dashboards what happens there. */
export function openAdmin({ namespace, token, matches, clock, log, pacing, ...parts }: AdminParts) {
  const operatorService = createOperatorService({
    ...parts,
    connected: connectedPlayersIn(parts.playerNamespaces),
    matches,
    clock,
  })
  const stats = () => ({ at: clock.now(), connections: operatorService.connections(), sizes: parts.sizes() })
  const dashboards = createDashboards({ namespace, stats, clock })
  openAdminNamespace({ namespace, token, operatorService, matches, dashboards, clock, log, pacing })
  for (const each of parts.playerNamespaces) watchConnections(each, { operatorService, dashboards, log })

  /** Call when a player's status changes without a connection being opened or closed. */
  function playerChanged(playerId: PlayerId): void {
    const news = dashboards.isWatched() ? operatorService.player(playerId) : null
    if (news) dashboards.tell('admin:player', () => news)
  }
  const matchChanged = (match: MatchInBrief) => dashboards.tell('admin:match', () => match)
  return { namespace, ...walledListener({ playerChanged, matchChanged }, log) }
}
