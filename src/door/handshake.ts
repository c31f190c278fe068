import type { NewId } from '../ports.ts'
import { type ErrorCode, errors } from '../protocol/errors.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { guestName, playerName } from '../protocol/names.ts'
import type { IssuedToken, Player, Tokens } from './tokens.ts'

export interface Session extends IssuedToken {
  player: Player
}
/** Becomes the client's `connect_error`. */
export class HandshakeError extends Error {
  readonly data: { code: ErrorCode; message: string }
  constructor(code: ErrorCode) {
    super(errors[code].message)
    this.data = { code, message: errors[code].message }
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
  async function bearerOf(token: unknown) {
    if (token === undefined || token === null) return { id: newId() as PlayerId, name: null }
    if (typeof token !== 'string' || token.length > MAX_TOKEN_CHARS) throw new HandshakeError('UNAUTHENTICATED')
    const bearer = await tokens.read(token)
    if (typeof bearer === 'string') throw new HandshakeError(bearer)
    return bearer
  }

  function nameOf(given: unknown, known: string | null, id: PlayerId): string {
    // The game's backend, or an earlier session, knows best; a name it cannot have had is replaced, not refused.
    if (given === undefined || given === null) return (known && playerName(known)) || guestName(id)
    const name = typeof given === 'string' ? playerName(given) : null
    if (name === null) throw new HandshakeError('NAME_INVALID')
    return name
  }

  return async ({ token, name }) => {
    await opened
    if (isDraining()) throw new HandshakeError('DRAINING')
    const bearer = await bearerOf(token)
    const player = { ...bearer, name: nameOf(name, bearer.name, bearer.id) }
    return { player, ...(await tokens.issue(player)) }
  }
}
