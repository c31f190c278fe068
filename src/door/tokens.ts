import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, errors as jose, jwtVerify, SignJWT } from 'jose'
import type { Clock, EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'

export interface Player {
  id: PlayerId
  name: string
  /** What the game's backend says of a newcomer's strength, in points; it came in a token, never from the client. */
  rating?: number
}
/** How the game's own backend signs its tokens. */
export interface BackendTokens {
  secret?: string | undefined
  jwksUrl?: string | undefined
  issuer?: string | undefined
  audience?: string | undefined
}
export interface IssuedToken {
  token: string
  expiresAt: EpochMs
}
/** What a token says about its bearer; `name` is null when it says none. */
type Bearer = { id: PlayerId; name: string | null; rating?: number }

const ISSUER = 'muster'
// Long enough to come back to a game the next day; every connection hands out a fresh one.
const LIFETIME_MS = 24 * 3_600_000
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

export type Tokens = ReturnType<typeof createTokens>

/** Issues Muster's own tokens, and reads those and the backend's. The algorithm is ours to choose, never the token's. */
export function createTokens(sessionSecret: string, backend: BackendTokens, clock: Clock) {
  const ownKey = new TextEncoder().encode(sessionSecret)
  const backendKey = backend.secret ? new TextEncoder().encode(backend.secret) : null
  const backendKeys = backend.jwksUrl ? createRemoteJWKSet(new URL(backend.jwksUrl)) : null
  const expected = {
    ...(backend.issuer && { issuer: backend.issuer }),
    ...(backend.audience && { audience: backend.audience }),
  }

  async function issue({ id, name, rating }: Player): Promise<IssuedToken> {
    const expiresAt = Math.floor((clock.now() + LIFETIME_MS) / 1000) * 1000
    const token = await new SignJWT({ name, ...(rating !== undefined && { rating }) })
      .setProtectedHeader({ alg: 'HS256', kid: ISSUER })
      .setIssuer(ISSUER)
      .setSubject(id)
      .setExpirationTime(expiresAt / 1000)
      .sign(ownKey)
    return { token, expiresAt }
  }

  async function verify(token: string): Promise<JWTPayload> {
    const currentDate = new Date(clock.now())
    if (decodeProtectedHeader(token).kid === ISSUER) {
      return (await jwtVerify(token, ownKey, { algorithms: ['HS256'], issuer: ISSUER, currentDate })).payload
    }
    if (backendKey) {
      return (await jwtVerify(token, backendKey, { algorithms: ['HS256'], currentDate, ...expected })).payload
    }
    if (backendKeys) {
      return (await jwtVerify(token, backendKeys, { algorithms: ASYMMETRIC, currentDate, ...expected })).payload
    }
    throw new jose.JWTInvalid('no key accepts this token')
  }

  /** Who bears the token, or why it is refused. */
  async function read(token: string): Promise<Bearer | 'TOKEN_EXPIRED' | 'UNAUTHENTICATED'> {
    try {
      const { sub, name, rating } = await verify(token)
      if (!isPlayerId(sub)) return 'UNAUTHENTICATED'
      return { id: sub, name: typeof name === 'string' ? name : null, ...(isRating(rating) && { rating }) }
    } catch (fault) {
      return fault instanceof jose.JWTExpired ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED'
    }
  }

  return { issue, read }
}

// Games count their players' strength from 0 up to a few thousand; what lies elsewhere was not meant as that.
const MAX_RATING = 5_000
const isRating = (claim: unknown): claim is number => typeof claim === 'number' && claim >= 0 && claim <= MAX_RATING

// What becomes a key of maps and a field of logs is a text without anything invisible.
const isPlayerId = (sub: unknown): sub is PlayerId =>
  typeof sub === 'string' && sub.length > 0 && sub.length <= 128 && !/[\p{C}\p{Z}]/u.test(sub)
