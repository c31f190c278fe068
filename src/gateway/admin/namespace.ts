import type { OperatorService } from '../../admin/operator-service.ts'
import { pageOf } from '../../admin/pages.ts'
import type { Matches } from '../../match/matches.ts'
import { admin } from '../../protocol/events/admin.ts'
import { accept, type Reply, refuse } from '../../protocol/reply.ts'
import { HandshakeError } from '../auth/handshake.ts'
import { isSameSecret } from '../auth/secrets.ts'
import { admitConnections } from '../guard/admission.ts'
import { type GuardParts, guard, type Who } from '../guard/guard.ts'
import { type GatewayNamespace, type GatewaySocket, newSocketData, type SocketData } from '../guard/sockets.ts'
import type { Dashboards } from './dashboards.ts'

// The catalogue's message is written for players, and mentions guests.
const WRONG_TOKEN = 'This is not the admin token of this service. Check ADMIN_TOKEN, or the adminToken of the title.'
// A connection may guess a few times, slowly.
const SLOW_MS = 300
const MAX_WRONG = 5

interface AdminNamespaceParts extends GuardParts {
  namespace: GatewayNamespace<SocketData>
  token: string
  operatorService: OperatorService
  matches: Pick<Matches, 'list' | 'inspect' | 'endByOperator'>
  dashboards: Dashboards
}

/** Opens `/admin`: admits operators, logs their commands, and runs them. */
export function openAdminNamespace({
  namespace,
  token,
  operatorService,
  matches,
  dashboards,
  ...guardParts
}: AdminNamespaceParts): void {
  const { clock, log } = guardParts
  const wrong = new WeakMap<GatewaySocket['conn'], number>()

  async function admit({ id, conn, handshake }: GatewaySocket<SocketData>): Promise<SocketData> {
    const given: unknown = handshake.auth.token
    if (typeof given === 'string' && isSameSecret(given, token)) return newSocketData(id, clock)
    const tries = (wrong.get(conn) ?? 0) + 1
    wrong.set(conn, tries)
    log.warn({ address: handshake.address, tries }, 'operator refused')
    await new Promise<void>((resolve) => clock.at(clock.now() + SLOW_MS, resolve))
    if (tries >= MAX_WRONG) conn.close()
    throw new HandshakeError('UNAUTHENTICATED', WRONG_TOKEN)
  }

  /** Logs every command with the operator's connection, its target and its reason. */
  function logged<Payload extends object, R extends Reply>(
    command: string,
    handle: (payload: Payload) => R | Promise<R>,
  ): (who: Who<SocketData>, payload: Payload) => Promise<R> {
    return async ({ socket }, payload) => {
      const { playerId: player, matchId: match, reason } = payload as Partial<Record<string, string>>
      const about = { ...(player && { player }), ...(match && { match }), ...(reason && { reason }) }
      const reply = await handle(payload)
      log.info(
        { operator: socket.id, command, ...about, ...(!reply.ok && { refused: reply.error.code }) },
        'operator command handled',
      )
      return reply
    }
  }

  const attachGuard = guard<typeof admin, SocketData>(guardParts, admin, {
    'admin:overview': logged('overview', () => operatorService.overview()),
    'admin:matches': logged('matches', ({ cursor }) => {
      const { page, ...next } = pageOf(matches.list(), ({ matchId }) => matchId, cursor)
      return accept({ matches: page, ...next })
    }),
    'admin:match': logged('match', async ({ matchId }) => {
      const found = await matches.inspect(matchId)
      return found ? accept(found) : refuse('NOT_FOUND')
    }),
    'admin:players': logged('players', ({ cursor }) => operatorService.players(cursor)),
    'admin:kick': logged('kick', ({ playerId }) => operatorService.kick(playerId)),
    'admin:end': logged('end', ({ matchId }) => matches.endByOperator(matchId)),
    'admin:notice': logged('notice', (notice) => {
      const sent = operatorService.notice(notice)
      dashboards.tell('server:notice', () => sent)
      return accept({})
    }),
  })

  admitConnections(namespace, { admit, clock, log })
  namespace.on('connection', (socket) => {
    log.info({ operator: socket.id, address: socket.handshake.address }, 'operator connected')
    attachGuard(socket)
    dashboards.add(socket)
  })
}
