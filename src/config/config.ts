import * as z from 'zod'
import { shippedModes } from './default-modes.ts'
import { type Mode, type ModeConfig, mode, ms } from './modes.ts'
import type { GameRules, RulesContext } from './rules.ts'

export type { GameRules, ModeConfig, RulesContext }
export { shippedModes }

/** The export of `muster.config.ts`. `modes` replaces the shipped list; spread `shippedModes` to add to it. */
export interface MusterConfig {
  modes?: readonly ModeConfig[]
  /** Regions in which matches can be played; clients send their `latencies` to each. */
  regions?: readonly string[]
  lobbies?: LobbySettings
  /** Transports a client may use; `polling` needs sticky sessions in front of several processes. */
  transports?: readonly ('websocket' | 'polling')[]
  /** Whether `/` shows the demo. */
  demo?: boolean
  /** A directory with the game's own page, served at `/` in place of the demo; relative to the config file. */
  page?: string
  /** Other games on the same service, each with its own namespaces `/<id>/lobby` and `/<id>/match`. */
  titles?: Record<string, TitleConfig>
}
interface LobbySettings {
  /** How long an idle custom lobby stays open; its members are warned a minute before. 30 minutes by default. */
  idleMs?: number
}
/** A title without backend keys or admin token uses the service's; its sessions are always separate. */
export interface TitleConfig {
  modes?: readonly ModeConfig[]
  regions?: readonly string[]
  lobbies?: LobbySettings
  sessionSecret?: string | undefined
  jwtSecret?: string | undefined
  jwksUrl?: string | undefined
  jwtIssuer?: string | undefined
  jwtAudience?: string | undefined
  /** Whether backend tokens must have `exp`. */
  jwtRequireExp?: boolean | undefined
  adminToken?: string | undefined
}
/** Gives the config its types, and keeps the ids of its modes and their rules: see `connect<typeof config>` of the client. */
export const defineConfig = <const Given extends MusterConfig>(config: Given): Given => config

export interface Config {
  modes: ReadonlyMap<string, Mode>
  regions: string[]
  lobbies: { idleMs: number }
  transports: ('websocket' | 'polling')[]
  demo: boolean
  page?: string | undefined
  titles: ReadonlyMap<string, TitleSettings>
}
export type TitleSettings = Omit<z.output<typeof title>, 'modes'> & { modes: ReadonlyMap<string, Mode> }

/** The first id that two of these modes share, if any. */
function repeated(list: readonly { id: string }[]): string | undefined {
  const ids = list.map(({ id }) => id)
  return ids.find((id, n) => ids.indexOf(id) !== n)
}

const modes = z
  .array(mode)
  .min(1)
  .refine((list) => repeated(list) === undefined, {
    error: ({ input }) => `two modes have the id "${repeated(input as Mode[])}"`,
  })

// Namespaces of the service itself.
const RESERVED = ['lobby', 'match', 'admin']
const titleId = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'a title id is 1 to 32 small letters, digits and dashes')
  .refine((id) => !RESERVED.includes(id), `a title id is none of ${RESERVED.join(', ')}`)
const secret = z.string().min(16, 'a secret has at least 16 characters')

const NO_NAME = 'nothing can be called __proto__'
const regions = z
  .array(
    z
      .string()
      .min(1)
      .max(64)
      .refine((name) => name !== '__proto__', NO_NAME),
  )
  .max(64)
  .refine((list) => new Set(list).size === list.length, 'a region is named twice')
  .default([])

// `fetch` rejects an address with user and password, and the log should not contain them.
export const jwksUrl = z
  .url({ protocol: /^https?$/, error: 'has to be an http or https address' })
  .refine(
    (url) => URL.canParse(url) && new URL(url).username + new URL(url).password === '',
    'no user or password in it',
  )
const claim = z.string().min(1, 'may not be empty: leave it out where it does not matter')

const lobbies = z
  .strictObject({
    idleMs: ms.min(2_000).default(30 * 60_000),
  })
  .prefault({})

const title = z
  .strictObject({
    modes: modes.prefault([...shippedModes]),
    regions,
    lobbies,
    sessionSecret: secret.optional(),
    jwtSecret: secret.optional(),
    jwksUrl: jwksUrl.optional(),
    jwtIssuer: claim.optional(),
    jwtAudience: claim.optional(),
    jwtRequireExp: z.boolean().optional(),
    adminToken: secret.optional(),
  })
  .refine((own) => !(own.jwtSecret && own.jwksUrl), {
    path: ['jwtSecret'],
    error: 'a backend signs with a secret or with the keys of jwksUrl, not with both',
  })

const schema = z.strictObject({
  modes: modes.prefault([...shippedModes]),
  regions,
  lobbies,
  transports: z
    .array(z.enum(['websocket', 'polling']))
    .min(1)
    .default(['websocket']),
  demo: z.boolean().default(true),
  page: z.string().min(1).optional(),
  titles: z.record(titleId, title).default({}),
})

/** A setting that stops the start; the message names it. */
export class ConfigError extends Error {}

/** Checks a config and fills in the defaults. */
export function readConfig(given: unknown, source: string): Config {
  const nameless = placeOfProto(given)
  if (nameless) throw new ConfigError(`${source}: ${[placeOf(nameless, given), NO_NAME].filter(Boolean).join(': ')}`)
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`${source}: ${placeOf(issue?.path ?? [], given) || 'the config'}: ${messageOf(issue)}`)
  }
  const { titles, ...rest } = parsed.data
  const settings = Object.entries(titles).map(([id, one]) => [id, { ...one, modes: byId(one.modes) }] as const)
  return { ...rest, modes: byId(rest.modes), titles: new Map(settings) }
}

/** The path of a key `__proto__`, which would be lost silently, or null. The inside of rules is skipped. */
function placeOfProto(value: unknown, depth = 0): PropertyKey[] | null {
  if (typeof value !== 'object' || value === null || depth > MAX_CONFIG_DEPTH) return null
  if (Object.hasOwn(value, '__proto__') || isProtoSet(value)) return []
  for (const [key, inner] of Object.entries(value)) {
    const found = key === 'rules' ? null : placeOfProto(inner, depth + 1)
    if (found) return [key, ...found]
  }
  return null
}
const MAX_CONFIG_DEPTH = 8

// `{ __proto__: … }` sets the prototype instead of a key; such a prototype has no constructor of its own.
function isProtoSet(value: object): boolean {
  const proto: object | null = Object.getPrototypeOf(value)
  return proto !== null && proto !== Object.prototype && !Object.hasOwn(proto, 'constructor')
}

const byId = (list: readonly Mode[]): ReadonlyMap<string, Mode> => new Map(list.map((m) => [m.id, m]))

/** A path in a config, with titles and modes by their ids. */
function placeOf(path: readonly PropertyKey[], given: unknown): string {
  const [head, key, ...rest] = path
  if (head === undefined) return ''
  const inner = (given as Record<PropertyKey, unknown> | null)?.[head]
  if (key === undefined || (head !== 'titles' && head !== 'modes')) return path.join('.')
  const one = (inner as Record<PropertyKey, unknown> | null)?.[key]
  const id = head === 'titles' ? key : (one as { id?: unknown } | null)?.id
  const name = typeof id === 'string' ? `${head.slice(0, -1)} "${id}"` : `${head}.${String(key)}`
  return [name, placeOf(rest, one)].filter(Boolean).join(': ')
}

// Zod reports an invalid key of a record one level down.
const messageOf = (issue: z.core.$ZodIssue | undefined): string | undefined =>
  issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message
