import type { Clock, Log } from '../../ports.ts'
import { playerName } from '../../protocol/names.ts'
import { type Limit, TokenBucket } from '../../util/token-bucket.ts'
import { HandshakeError, type Session, type Welcome } from '../auth/handshake.ts'
import { closeWhenIdle, keepOpen } from '../connection/idle.ts'
import { hasEntered } from '../connection/newcomers.ts'
import { dropPending } from '../connection/on-demand.ts'
import { setInside } from '../connection/parser.ts'
import { tellConnectionEnds } from './session-end.ts'
import {
  type GatewayNamespace,
  type GatewaySocket,
  newPlayerSocketData,
  type PlayerSocketData,
  type SocketData,
} from './sockets.ts'

type Connection = GatewaySocket['conn']

// A connection enters a few namespaces, and again after each change of scene; every time costs a session.
const ENTRIES: Limit = { burst: 60, perSecond: 5 }

/** Turns what a connection brings to a namespace into a session, or rejects with a `HandshakeError`. */
export type Reception = (connection: Connection, auth: Record<string, unknown>) => Promise<Session>

/** For all namespaces of a title: whoever comes without a token by a connection that is known already is the same player. */
export function receptionOf(welcome: Welcome): Reception {
  const known = new WeakMap<Connection, Promise<Session | null>>()

  async function receive(auth: Record<string, unknown>, before: Session | null): Promise<Session> {
    if (!before || isGiven(auth.token)) return welcome(auth)
    const { name } = auth
    if (isGiven(name) && !(typeof name === 'string' && playerName(name))) throw new HandshakeError('NAME_INVALID')
    return welcome({ token: before.token })
  }

  return (connection, auth) => {
    const earlier = known.get(connection) ?? Promise.resolve(null)
    const session = earlier.then((before) => receive(auth, before))
    const first = earlier.then((before) => before ?? session.catch(() => null))
    known.set(connection, first)
    return session
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

interface EntranceParts<Data> {
  welcome: Reception
  clock: Clock
  log: Log
  /** Adds what the namespace keeps with a connection. */
  dataFor: (data: PlayerSocketData) => Data
}

/** Lets a player's connection into a namespace once its handshake is accepted, and once only. */
export function openEntrance<Data extends PlayerSocketData>(
  namespace: GatewayNamespace<Data>,
  parts: EntranceParts<Data>,
): void {
  const { welcome, clock, log, dataFor } = parts
  openGate(namespace, {
    admit: async ({ conn, handshake }) => dataFor(newPlayerSocketData(await welcome(conn, handshake.auth), clock)),
    clock,
    log,
  })
}

interface GateParts<Data extends SocketData> {
  /** What is kept with the connection; rejects with a `HandshakeError` when it may not come in. */
  admit: (socket: GatewaySocket<Data>) => Promise<Data>
  clock: Clock
  log: Log
}

const entries = new WeakMap<Connection, TokenBucket>()

/** Lets a connection into a namespace once `admit` has resolved, and once only. */
export function openGate<Data extends SocketData>(
  namespace: GatewayNamespace<Data>,
  { admit, clock, log }: GateParts<Data>,
): void {
  const entering = new WeakSet<Connection>()

  /** Counts one more entry of a connection, to whichever namespace; a whole budget in debt closes it. */
  function countEntry(socket: GatewaySocket<Data>): void {
    const { conn } = socket
    const budget = entries.get(conn) ?? new TokenBucket(ENTRIES, clock.now())
    entries.set(conn, budget)
    const verdict = budget.take(clock.now())
    if (verdict === 'ok') return
    if (verdict === 'abusive') {
      tellConnectionEnds(socket, 'RATE_LIMITED')
      conn.close()
    }
    throw new HandshakeError('RATE_LIMITED')
  }

  async function enter(socket: GatewaySocket<Data>): Promise<void> {
    countEntry(socket)
    socket.data = await admit(socket)
  }

  function refusal(socket: GatewaySocket<Data>, fault: unknown): HandshakeError {
    if (!(fault instanceof HandshakeError)) log.error({ err: fault }, 'handshake failed')
    const refused = fault instanceof HandshakeError ? fault : new HandshakeError('INTERNAL')
    log.debug({ namespace: namespace.name, socket: socket.id, code: refused.data.code }, 'handshake refused')
    return refused
  }

  namespace.use((socket, next) => {
    const { conn } = socket
    // The answer to the CONNECT that is on its way serves this one too: a client that gave up on it cannot tell them apart.
    if (entering.has(conn)) return dropPending(socket)
    entering.add(conn)
    enter(socket)
      .then(
        () => next(),
        (fault: unknown) => next(refusal(socket, fault)),
      )
      .finally(() => entering.delete(conn))
  })
  namespace.on('connection', (socket) => {
    setInside(socket, true)
    hasEntered(socket)
    keepOpen(socket)
    socket.on('disconnect', () => {
      setInside(socket, false)
      closeWhenIdle(socket, clock)
    })
  })
}
