import { type CryptoKey, type JWTPayload, type JWTVerifyOptions, errors as jose, jwtVerify } from 'jose'
import type { EpochMs } from '../../ports.ts'
import type { KeySets } from './key-set.ts'

/** How the game's own backend signs its tokens: with a secret, or with the keys of a JWKS URL. */
export interface BackendTokens {
  secret?: string | undefined
  jwksUrl?: string | undefined
  issuer?: string | undefined
  audience?: string | undefined
  /** Whether a token must have an `exp`; true by default. */
  requireExp?: boolean | undefined
}

const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
// Clocks of two machines differ.
const TOLERANCE_S = 60
// How many keys of the set are tried on a token that names none.
const MOST_TRIED = 8

/** The token's signature is valid, but it has no `exp`. */
export class NoExpiryError extends Error {}

export type VerifyBackend = (token: string) => Promise<JWTPayload>

/** Verifies the backend's tokens and returns their claims; null when no backend is configured. */
export function backendVerifier(
  backend: BackendTokens,
  keySets: KeySets,
  wallNow: () => EpochMs,
): VerifyBackend | null {
  const { secret, jwksUrl, issuer, audience, requireExp = true } = backend
  const verify = secret ? bySecret(secret) : jwksUrl ? byKeySet(jwksUrl, keySets) : null
  if (!verify) return null
  return async (token) => {
    const claims = await verify(token, {
      currentDate: new Date(wallNow()),
      clockTolerance: TOLERANCE_S,
      ...(issuer && { issuer }),
      ...(audience && { audience }),
    })
    if (claims.exp === undefined && requireExp) {
      throw new NoExpiryError('it has no exp, and JWT_REQUIRE_EXP (of a title: jwtRequireExp) is not false')
    }
    return claims
  }
}

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>

function bySecret(secret: string): Verify {
  const key = new TextEncoder().encode(secret)
  return async (token, options) => (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload
}

function byKeySet(jwksUrl: string, keySets: KeySets): Verify {
  const { keyFor } = keySets.of(jwksUrl)
  return async (token, options) => {
    const asked = { ...options, algorithms: ASYMMETRIC }
    try {
      return (await jwtVerify(token, keyFor, asked)).payload
    } catch (fault) {
      if (!(fault instanceof jose.JWKSMultipleMatchingKeys)) throw fault
      return await byAnyOf(fault, token, asked)
    }
  }
}

async function byAnyOf(keys: AsyncIterable<CryptoKey>, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  let tried = 0
  for await (const key of keys) {
    if (++tried > MOST_TRIED) break
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (fault) {
      if (!(fault instanceof jose.JWSSignatureVerificationFailed)) throw fault
    }
  }
  throw new jose.JWSSignatureVerificationFailed()
}
