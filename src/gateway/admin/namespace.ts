import type { OperatorService } from '../../admin/operator-service.ts'
import { pageOf } from '../../admin/pages.ts'
import type { Matches } from '../../match/matches.ts'
import { admin } from '../../protocol/events/admin.ts'
import { accept, type Reply, refuse } from '../../protocol/reply.ts'
import { HandshakeError } from '../auth/handshake.ts'
import { isSameSecret } from '../auth/secrets.ts'
import { openGate } from '../guard/entrance.ts'
import { type GuardParts, guard, type Who } from '../guard/guard.ts'
import { type GatewayNamespace, type GatewaySocket, newSocketData, type SocketData } from '../guard/sockets.ts'
import type { Dashboards } from './dashboards.ts'

// The catalogue's message speaks to players, who may also come as guests.
const WRONG_TOKEN = 'This is not the admin token of this service. Check ADMIN_TOKEN, or the adminToken of the title.'
// Whoever guesses gets a few slow tries a connection.
const SLOW_MS = 300
const MAX_WRONG = 5

interface AdminDoor extends GuardParts {
  namespace: GatewayNamespace<SocketData>
  token: string
  operatorService: OperatorService
  matches: Pick<Matches, 'list' | 'inspect' | 'endByOperator'>
  dashboards: Dashboards
}

/** Opens `/admin`: lets operators in, logs what they ask for, and has it done. */
export function openAdminNamespace({
  namespace,
  token,
  operatorService,
  matches,
  dashboards,
  ...door
}: AdminDoor): void {
  const { clock, log } = door
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

  /** Every command is logged, with who asks, what about, and why. */
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
        'operator asked',
      )
      return reply
    }
  }

  const letIn = guard<typeof admin, SocketData>(door, admin, {
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
      const said = operatorService.notice(notice)
      dashboards.tell('server:notice', () => said)
      return accept({})
    }),
  })

  openGate(namespace, { admit, clock, log })
  namespace.on('connection', (socket) => {
    log.info({ operator: socket.id, address: socket.handshake.address }, 'operator connected')
    letIn(socket)
    dashboards.seat(socket)
  })
}
