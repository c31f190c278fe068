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
  /** What the game's backend says of a newcomer's strength, in points; it came in a token, never from the client. */
  rating?: number
}
/** How far the game's backend answers for a player. */
export interface Vouching {
  /** Until when, by the wall clock. */
  until: EpochMs
  /** Whether the name is the backend's, too. */
  isNamed: boolean
}
export interface IssuedToken {
  token: string
  expiresAt: EpochMs
}
/** What a token says about its bearer; `name` is null when it says none, `vouching` when nobody answers for a guest. */
export type Bearer = { id: PlayerId; name: string | null; rating?: number; vouching: Vouching | null }
type Refusal = Extract<ErrorCode, 'TOKEN_EXPIRED' | 'UNAUTHENTICATED' | 'UNAVAILABLE'>

const ISSUER = 'muster'
// Long enough to come back to a game the next day; every connection hands out a fresh one.
const LIFETIME_MS = 24 * 3_600_000
// Claims are seconds; past the year 30000 one is as good as the other.
const LATEST_S = 900_000_000_000

export interface TokenParts {
  sessionSecret: string
  backend: BackendTokens
  keySets: KeySets
  /** The clock that players are told. */
  clock: Pick<Clock, 'now'>
  /** What the machine says the time is right now: other machines, and later processes, live by that. */
  wallNow: () => EpochMs
  log: Log
}
export type Tokens = ReturnType<typeof createTokens>

/** Issues Muster's own tokens, and reads those and the backend's. The algorithm is ours to choose, never the token's. */
export function createTokens({ sessionSecret, backend, keySets, clock, wallNow, log }: TokenParts) {
  const ownKey = new TextEncoder().encode(sessionSecret)
  const verifyBackend = backendVerifier(backend, keySets, wallNow)
  let isExpiryMissed = false

  /** A token that is good for 24 h, but not longer than 24 h after the backend has stopped answering for the player. */
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

  /** Who bears the token, or why it is refused. */
  async function read(token: string): Promise<Bearer | Refusal> {
    try {
      return await (isOwn(token) ? readOwn(token) : readBackend(token))
    } catch (fault) {
      const code = refusalOf(fault)
      const { message: why } = fault as Error
      log.debug({ code, why }, 'token refused')
      // Whoever sets a backend up should not have to look for it.
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

// Tokens did not always say whose word they rest on. Where there is a backend it may be the backend's, which then ends
// with the token.
function vouchingIn({ guest, vouchedUntil, named, exp }: JWTPayload, isBackendThere: boolean): Vouching | null {
  if (typeof vouchedUntil === 'number') return { until: vouchedUntil * 1000, isNamed: named === true }
  return guest === true || !isBackendThere ? null : { until: (exp ?? 0) * 1000, isNamed: false }
}

// Games count their players' strength from 0 up to a few thousand; what lies elsewhere was not meant as that.
const MAX_RATING = 5_000
const isRating = (claim: unknown): claim is number => typeof claim === 'number' && claim >= 0 && claim <= MAX_RATING

// What becomes a key of maps and a field of logs is a text without anything invisible.
const isPlayerId = (sub: unknown): sub is PlayerId =>
  typeof sub === 'string' && sub.length > 0 && sub.length <= 128 && !/[\p{C}\p{Z}]/u.test(sub)
