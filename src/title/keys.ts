import { createHmac } from 'node:crypto'
import { ConfigError, type TitleSettings } from '../config/config.ts'
import type { BackendTokens } from '../gateway/auth/backend-tokens.ts'
import type { Keys } from './parts.ts'

/**
 * The keys of a title: its own, and the service's in place of those that it does not have. Sessions are signed with what
 * is made of the secret and the title's id, so that titles with one secret do not take each other's.
 */
export function keysOf(id: string, own: TitleSettings, service: Keys): Keys {
  const secret = own.sessionSecret ?? service.sessionSecret
  return {
    sessionSecret: createHmac('sha256', secret).update(`title:${id}`).digest('base64url'),
    admin: own.adminToken ?? service.admin,
    backend: backendOf(own, service.backend),
  }
}

// With a key of its own a title has a backend of its own. Else it names what the service's backend has to say for it.
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

/** Throws a `ConfigError` when a title asks something of the backend's tokens, and no key would ever accept one. */
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
