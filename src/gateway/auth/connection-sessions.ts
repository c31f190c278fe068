import type { Socket } from 'socket.io'
import { playerName } from '../../protocol/names.ts'
import { type Authenticate, HandshakeError, type Session } from './handshake.ts'

type Connection = Socket['conn']

/** Opens a session for a connection in a namespace; rejects with a `HandshakeError`. */
export type OpenSession = (connection: Connection, auth: Record<string, unknown>) => Promise<Session>

/**
 * Keeps one player per connection in all namespaces of a title: a handshake without a token reuses the connection's
 * first session.
 */
export function sessionsByConnection(authenticate: Authenticate): OpenSession {
  const known = new WeakMap<Connection, Promise<Session | null>>()

  async function open(auth: Record<string, unknown>, earlier: Session | null): Promise<Session> {
    if (!earlier || isGiven(auth.token)) return authenticate(auth)
    const { name } = auth
    if (isGiven(name) && !(typeof name === 'string' && playerName(name))) throw new HandshakeError('NAME_INVALID')
    return authenticate({ token: earlier.token })
  }

  return (connection, auth) => {
    const earlier = known.get(connection) ?? Promise.resolve(null)
    const session = earlier.then((before) => open(auth, before))
    const first = earlier.then((before) => before ?? session.catch(() => null))
    known.set(connection, first)
    return session
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null
