import type { NewId } from '../../ports.ts'
import { type ErrorCode, errors } from '../../protocol/errors.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { guestName, playerName } from '../../protocol/names.ts'
import type { Bearer, IssuedToken, Player, Tokens } from './tokens.ts'

export interface Session extends IssuedToken {
  player: Player
  /** Nobody answers for the player: anyone can be a new one. */
  isGuest: boolean
  /** The name was chosen for this connection, by who comes or by the backend: it is not just the one of an earlier session. */
  isNameGiven: boolean
}
/** Becomes the client's `connect_error`. */
export class HandshakeError extends Error {
  readonly data: { code: ErrorCode; message: string; retryable: boolean }
  /** `message` in place of the catalogue's, where that would point the wrong way. */
  constructor(code: ErrorCode, message: string = errors[code].message) {
    super(message)
    this.data = { code, message, retryable: errors[code].retryable }
  }
}

// A backend's token carries claims of its own; what is longer than this is none.
const MAX_TOKEN_CHARS = 8_192

/** Turns a handshake's `auth` into a session, or throws a `HandshakeError`. */
export type Welcome = (auth: Record<string, unknown>) => Promise<Session>

interface WelcomeParts {
  tokens: Tokens
  newId: NewId
  isDraining: () => boolean
  /** Whoever comes before waits so long. */
  opened: Promise<void>
}

export function createWelcome({ tokens, newId, isDraining, opened }: WelcomeParts): Welcome {
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

// The game's backend knows best. Else who comes may choose, or has the name of an earlier session. A name in a token
// that nobody can have is replaced, not refused.
function nameOf(given: unknown, { id, name: known, vouching }: Bearer): string {
  const wished = typeof given === 'string' ? playerName(given) : null
  const isGiven = given !== undefined && given !== null
  if (isGiven && wished === null) throw new HandshakeError('NAME_INVALID')
  const borne = known === null ? null : playerName(known)
  return (vouching?.isNamed ? (borne ?? wished) : (wished ?? borne)) ?? guestName(id)
}
