import { createHmac } from 'node:crypto'
import { ConfigError, type TitleSettings } from '../config/config.ts'
import type { BackendTokens } from '../gateway/auth/backend-tokens.ts'
import type { Keys } from './parts.ts'

/**
 * The keys of a title; the service's keys replace those that it does not set. The session key is derived from the secret
 * and the title's id, so that titles that share a secret reject each other's sessions.
 */
export function keysOf(id: string, own: TitleSettings, service: Keys): Keys {
  const secret = own.sessionSecret ?? service.sessionSecret
  return {
    sessionSecret: createHmac('sha256', secret).update(`title:${id}`).digest('base64url'),
    admin: own.adminToken ?? service.admin,
    backend: backendOf(own, service.backend),
  }
}

// A title with its own key has its own backend. A title without one may require other claims of the service's backend.
function backendOf(own: TitleSettings, service: BackendTokens): BackendTokens {
  const { jwtSecret: secret, jwksUrl, jwtIssuer, jwtAudience, jwtRequireExp } = own
  if (secret || jwksUrl) {
    return {
      secret,
      jwksUrl,
      issuer: jwtIssuer,
      audience: jwtAudience,
      requireExp: jwtRequireExp ?? service.requireExp,
    }
  }
  return {
    ...service,
    ...(jwtIssuer !== undefined && { issuer: jwtIssuer }),
    ...(jwtAudience !== undefined && { audience: jwtAudience }),
    ...(jwtRequireExp !== undefined && { requireExp: jwtRequireExp }),
  }
}

const CLAIMS = ['jwtIssuer', 'jwtAudience', 'jwtRequireExp'] as const

/** Throws a `ConfigError` when a title requires claims of backend tokens, but has no key to verify them. */
export function checkTitleKeys(titles: ReadonlyMap<string, TitleSettings>, service: Keys): void {
  for (const [id, own] of titles) {
    const { secret, jwksUrl } = keysOf(id, own, service).backend
    const asked = CLAIMS.find((name) => own[name] !== undefined)
    if (asked && !secret && !jwksUrl) {
      throw new ConfigError(
        `title "${id}": ${asked}: there is no key to read tokens with; set its jwtSecret or jwksUrl, or JWT_SECRET or JWKS_URL for all`,
      )
    }
  }
}
