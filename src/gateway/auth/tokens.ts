import { decodeJwt, decodeProtectedHeader, type JWTPayload, errors as jose, jwtVerify, SignJWT } from 'jose'
import type { Clock, EpochMs, Log } from '../../ports.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { playerName } from '../../protocol/names.ts'
import { type BackendTokens, backendVerifier, NoExpiryError } from './backend-tokens.ts'
import { type KeySets, KeysUnavailableError } from './key-set.ts'

export interface Player {
  id: PlayerId
  name: string
  /** The initial rating from the game's backend, in points; it comes in a token, never from the client. */
  rating?: number
}
/** The game's backend vouches for a player. */
export interface Vouching {
  /** Ends here, by the wall clock. */
  until: EpochMs
  /** Whether the backend also chose the name. */
  isNamed: boolean
}
export interface IssuedToken {
  token: string
  expiresAt: EpochMs
}
/** What a token says about its bearer; `name` is null when it has none, `vouching` is null for a guest. */
export type Bearer = { id: PlayerId; name: string | null; rating?: number; vouching: Vouching | null }
type Refusal = Extract<ErrorCode, 'TOKEN_EXPIRED' | 'UNAUTHENTICATED' | 'UNAVAILABLE'>

const ISSUER = 'muster'
// Lets a player come back the next day; every connection issues a fresh token.
const LIFETIME_MS = 24 * 3_600_000
// Claims are in seconds; this caps `exp` at about the year 30000.
const LATEST_S = 900_000_000_000

export interface TokenParts {
  sessionSecret: string
  backend: BackendTokens
  keySets: KeySets
  /** The clock in messages to players. */
  clock: Pick<Clock, 'now'>
  /** The machine's wall clock, which other machines and later processes share. */
  wallNow: () => EpochMs
  log: Log
}
export type Tokens = ReturnType<typeof createTokens>

/** Issues Muster's own tokens; reads those and the backend's. We choose the algorithm, never the token. */
export function createTokens({ sessionSecret, backend, keySets, clock, wallNow, log }: TokenParts) {
  const ownKey = new TextEncoder().encode(sessionSecret)
  const verifyBackend = backendVerifier(backend, keySets, wallNow)
  let isExpiryMissed = false

  /** Issues a token for 24 h, counted from the end of the backend's vouching if that is earlier than now. */
  async function issue({ id, name, rating }: Player, vouching: Vouching | null = null): Promise<IssuedToken> {
    const now = wallNow()
    const expiresAt = Math.min(now, vouching?.until ?? now) + LIFETIME_MS
    const expiresS = Math.floor(expiresAt / 1000)
    const token = await new SignJWT({ name, ...(rating !== undefined && { rating }), ...claimsOf(vouching) })
      .setProtectedHeader({ alg: 'HS256', kid: ISSUER })
      .setIssuer(ISSUER)
      .setSubject(id)
      .setExpirationTime(expiresS)
      .sign(ownKey)
    return { token, expiresAt: clock.now() + expiresS * 1000 - now }
  }

  async function readOwn(token: string): Promise<Bearer> {
    const currentDate = new Date(wallNow())
    const { payload } = await jwtVerify(token, ownKey, { algorithms: ['HS256'], issuer: ISSUER, currentDate })
    return { ...bearerIn(payload), vouching: vouchingIn(payload, verifyBackend !== null) }
  }

  async function readBackend(token: string): Promise<Bearer> {
    if (!verifyBackend) throw new jose.JWTInvalid('there is no backend whose tokens count')
    const payload = await verifyBackend(token)
    const bearer = bearerIn(payload)
    const until = payload.exp === undefined ? wallNow() : Math.min(payload.exp, LATEST_S) * 1000
    return { ...bearer, vouching: { until, isNamed: bearer.name !== null && playerName(bearer.name) !== null } }
  }

  /** The token's bearer, or the refusal code. */
  async function read(token: string): Promise<Bearer | Refusal> {
    try {
      return await (isOwn(token) ? readOwn(token) : readBackend(token))
    } catch (fault) {
      const code = refusalOf(fault)
      const { message: why } = fault as Error
      log.debug({ code, why }, 'token refused')
      // Warned of once: it is a likely mistake when setting up a backend.
      if (fault instanceof NoExpiryError && !isExpiryMissed) log.warn({ why }, 'tokens of the backend are refused')
      isExpiryMissed ||= fault instanceof NoExpiryError
      return code
    }
  }

  return { issue, read }
}

const isOwn = (token: string): boolean => decodeProtectedHeader(token).kid === ISSUER && decodeJwt(token).iss === ISSUER

function refusalOf(fault: unknown): Refusal {
  if (fault instanceof KeysUnavailableError) return 'UNAVAILABLE'
  return fault instanceof jose.JWTExpired ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED'
}

function bearerIn({ sub, name, rating }: JWTPayload): Omit<Bearer, 'vouching'> {
  if (!isPlayerId(sub)) throw new jose.JWTInvalid('its sub is no player id: 1 to 128 visible characters')
  return { id: sub, name: typeof name === 'string' ? name : null, ...(isRating(rating) && { rating }) }
}

const claimsOf = (vouching: Vouching | null) =>
  vouching
    ? { vouchedUntil: Math.floor(vouching.until / 1000), ...(vouching.isNamed && { named: true }) }
    : { guest: true }

// Older tokens have neither claim. With a backend configured they count as vouched for until they expire.
function vouchingIn({ guest, vouchedUntil, named, exp }: JWTPayload, isBackendThere: boolean): Vouching | null {
  if (typeof vouchedUntil === 'number') return { until: vouchedUntil * 1000, isNamed: named === true }
  return guest === true || !isBackendThere ? null : { until: (exp ?? 0) * 1000, isNamed: false }
}

// Rating scales run from 0 to a few thousand; other numbers are ignored.
const MAX_RATING = 5_000
const isRating = (claim: unknown): claim is number => typeof claim === 'number' && claim >= 0 && claim <= MAX_RATING

// Ids are keys of maps and fields of logs, so they hold no invisible characters.
const isPlayerId = (sub: unknown): sub is PlayerId =>
  typeof sub === 'string' && sub.length > 0 && sub.length <= 128 && !/[\p{C}\p{Z}]/u.test(sub)
