import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { ConfigError, jwksUrl } from '../config/config.ts'
import { readPattern } from '../gateway/connection/origin.ts'
import { trustedProxies } from '../gateway/connection/proxies.ts'

type Variables = Readonly<Record<string, string | undefined>>

const secret = z.string().min(16, 'a secret has at least 16 characters')
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** A refinement: `read` accepts each entry of a list. The message is the one of the error it throws. */
function readable(read: (entry: string) => unknown) {
  const faultOf = (entry: string): string | null => {
    try {
      read(entry)
      return null
    } catch (fault) {
      return (fault as Error).message
    }
  }
  const faultIn = (entries: unknown) => (entries as string[]).map(faultOf).find((fault) => fault !== null)
  const error = ({ input }: { input?: unknown }) => faultIn(input)
  return [(entries: string[]) => faultIn(entries) === undefined, { error }] as const
}

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, {
      error: ({ input }) => `${JSON.stringify(input)} is no port: a whole number from 0 to 65535, as in PORT=3000`,
    })
    .transform(Number)
    .prefault('3000'),
  HOST: z.string().default('0.0.0.0'),
  SESSION_SECRET: secret.optional(),
  JWT_SECRET: secret.optional(),
  JWKS_URL: jwksUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_REQUIRE_EXP: z
    .enum(['true', 'false'], 'is true or false')
    .transform((text) => text === 'true')
    .optional(),
  NODE_ID: z.string().min(1).max(64).optional(),
  DATA_DIR: z.string().optional(),
  QUEUE_LOG: z.string().optional(),
  ADMIN_TOKEN: secret.optional(),
  ALLOWED_ORIGINS: list.refine(...readable(readPattern)).prefault(''),
  TRUSTED_PROXIES: list.refine(...readable((entry) => trustedProxies([entry]))).prefault(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['text', 'json']).optional(),
  MUSTER_CONFIG: z.string().optional(),
})
const SECRETS = ['SESSION_SECRET', 'JWT_SECRET', 'ADMIN_TOKEN'] as const
/** The names of all environment variables that are read. */
export const settings: readonly string[] = [...Object.keys(schema.shape), ...SECRETS.map((name) => `${name}_FILE`)]

/** The settings of the environment, with every default filled in. */
export type Env = Omit<z.output<typeof schema>, 'SESSION_SECRET'> & {
  SESSION_SECRET: string
  /** Whether the secret was generated: then sessions end with the process. */
  isSessionSecretMadeUp: boolean
}

/** Reads the environment, and secrets from the files that `…_FILE` names. Throws a `ConfigError` that names the setting. */
export function readEnv(variables: Variables): Env {
  const parsed = schema.safeParse(withSecretFiles(variables))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { SESSION_SECRET, ...env } = parsed.data
  checkBackend(env)
  if (!SESSION_SECRET && env.NODE_ENV === 'production') {
    throw new ConfigError('SESSION_SECRET: required in production, at least 16 characters that nobody can guess')
  }
  return {
    ...env,
    SESSION_SECRET: SESSION_SECRET ?? randomBytes(32).toString('base64url'),
    isSessionSecretMadeUp: !SESSION_SECRET,
  }
}

/** Refuses settings that would have no effect, so that no operator relies on them. */
function checkBackend(env: Omit<z.output<typeof schema>, 'SESSION_SECRET'>): void {
  if (env.JWT_SECRET && env.JWKS_URL) {
    throw new ConfigError('JWT_SECRET: a backend signs with a secret or with the keys of JWKS_URL; set one of the two')
  }
  const unused = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const).find((name) => env[name] !== undefined)
  if (unused && !env.JWT_SECRET && !env.JWKS_URL) {
    throw new ConfigError(`${unused}: there is no key to read tokens with; set JWT_SECRET or JWKS_URL, too`)
  }
}

// Many deployments set an empty variable to mean "not set".
function withSecretFiles(variables: Variables): Variables {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  for (const name of SECRETS) {
    const path = given[`${name}_FILE`]
    if (path === undefined) continue
    if (given[name] !== undefined) throw new ConfigError(`${name}_FILE: ${name} is set, too; set one of the two`)
    given[name] = readSecret(`${name}_FILE`, path)
  }
  return given
}

function readSecret(setting: string, path: string): string {
  const text = readText(setting, path)
  const fault = text === '' ? 'is empty' : secret.safeParse(text).error?.issues[0]?.message
  if (fault) throw new ConfigError(`${setting}: ${path}: ${fault}`)
  return text
}

function readText(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (fault) {
    throw new ConfigError(`${setting}: ${path} could not be read (${(fault as NodeJS.ErrnoException).code})`)
  }
}
