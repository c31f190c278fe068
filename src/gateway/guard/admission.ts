import type { Clock, Log } from '../../ports.ts'
import { type Limit, TokenBucket } from '../../util/rate-limit.ts'
import type { OpenSession } from '../auth/connection-sessions.ts'
import { HandshakeError } from '../auth/handshake.ts'
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

// A client enters a few namespaces, and again when its screens change; each entry costs a session.
const ENTRIES: Limit = { burst: 60, everyMs: 200 }

interface PlayerAdmissionParts<Data> {
  openSession: OpenSession
  clock: Clock
  log: Log
  /** Adds what the namespace keeps for each socket. */
  dataFor: (data: PlayerSocketData) => Data
}

/** Admits players' connections to a namespace, each once, after its handshake. */
export function admitPlayers<Data extends PlayerSocketData>(
  namespace: GatewayNamespace<Data>,
  parts: PlayerAdmissionParts<Data>,
): void {
  const { openSession, clock, log, dataFor } = parts
  admitConnections(namespace, {
    admit: async ({ conn, handshake }) => dataFor(newPlayerSocketData(await openSession(conn, handshake.auth), clock)),
    clock,
    log,
  })
}

interface AdmissionParts<Data extends SocketData> {
  /** Resolves to what is kept for the socket; rejects with a `HandshakeError` to refuse it. */
  admit: (socket: GatewaySocket<Data>) => Promise<Data>
  clock: Clock
  log: Log
}

const entries = new WeakMap<Connection, TokenBucket>()

/** Admits connections to a namespace, each once, after `admit` has resolved. */
export function admitConnections<Data extends SocketData>(
  namespace: GatewayNamespace<Data>,
  { admit, clock, log }: AdmissionParts<Data>,
): void {
  const entering = new WeakSet<Connection>()

  /** Limits the entries of a connection, in all namespaces together; closes it when it ignores the refusals. */
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
    // A client that repeats a CONNECT takes the answer to the first one for the second's.
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
