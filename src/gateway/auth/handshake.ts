import type { NewId } from '../../ports.ts'
import { type ErrorCode, errors } from '../../protocol/errors.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { guestName, playerName } from '../../protocol/names.ts'
import type { Bearer, IssuedToken, Player, Tokens } from './tokens.ts'

export interface Session extends IssuedToken {
  player: Player
  /** No backend vouches for the player. */
  isGuest: boolean
  /** The client or the backend chose the name for this connection; false for the name of an earlier session. */
  isNameGiven: boolean
}
/** Becomes the client's `connect_error`. */
export class HandshakeError extends Error {
  readonly data: { code: ErrorCode; message: string; retryable: boolean }
  /** `message` replaces the catalogue's where that one would mislead. */
  constructor(code: ErrorCode, message: string = errors[code].message) {
    super(message)
    this.data = { code, message, retryable: errors[code].retryable }
  }
}

// Leaves room for the claims of a backend's token.
const MAX_TOKEN_CHARS = 8_192

/** Turns a handshake's `auth` into a session; rejects with a `HandshakeError`. */
export type Authenticate = (auth: Record<string, unknown>) => Promise<Session>

interface AuthenticatorParts {
  tokens: Tokens
  newId: NewId
  isDraining: () => boolean
  /** Handshakes wait for this. */
  opened: Promise<void>
}

export function createAuthenticator({ tokens, newId, isDraining, opened }: AuthenticatorParts): Authenticate {
  async function bearerOf(token: unknown): Promise<Bearer> {
    if (token === undefined || token === null) return { id: newId() as PlayerId, name: null, vouching: null }
    if (typeof token !== 'string' || token.length > MAX_TOKEN_CHARS) throw new HandshakeError('UNAUTHENTICATED')
    const bearer = await tokens.read(token)
    if (typeof bearer === 'string') throw new HandshakeError(bearer)
    return bearer
  }

  return async ({ token, name }) => {
    await opened
    if (isDraining()) throw new HandshakeError('DRAINING')
    const { vouching, ...bearer } = await bearerOf(token)
    const player = { ...bearer, name: nameOf(name, { ...bearer, vouching }) }
    const isNameGiven = (name !== undefined && name !== null) || vouching?.isNamed === true
    return { player, isGuest: vouching === null, isNameGiven, ...(await tokens.issue(player, vouching)) }
  }
}

// A name from the backend wins; then the name the client asks for, then the name in its session token. An invalid name
// in a token is replaced, an invalid name from the client is refused.
function nameOf(given: unknown, { id, name: known, vouching }: Bearer): string {
  const requested = typeof given === 'string' ? playerName(given) : null
  const isGiven = given !== undefined && given !== null
  if (isGiven && requested === null) throw new HandshakeError('NAME_INVALID')
  const fromToken = known === null ? null : playerName(known)
  return (vouching?.isNamed ? (fromToken ?? requested) : (requested ?? fromToken)) ?? guestName(id)
}
