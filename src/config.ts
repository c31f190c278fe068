import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { type Mode, type ModeConfig, mode } from './modes.ts'
import type { GameRules, RulesContext } from './rules.ts'
import { shippedModes } from './shipped.ts'

export type { GameRules, ModeConfig, RulesContext }
export { shippedModes }

/** What `muster.config.ts` exports. `modes` replaces the shipped list; spread `shippedModes` in to add to it. */
export interface MusterConfig {
  modes?: ModeConfig[]
  /** Transports a client may use; `polling` needs sticky sessions in front of several processes. */
  transports?: ('websocket' | 'polling')[]
  /** Whether `/` shows the demo. */
  demo?: boolean
}
/** Gives the config its types. */
export const defineConfig = (config: MusterConfig): MusterConfig => config

export interface Config {
  modes: ReadonlyMap<string, Mode>
  transports: ('websocket' | 'polling')[]
  demo: boolean
}

const modes = z
  .array(mode)
  .min(1)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'two modes have the same id')

const schema = z.strictObject({
  modes: modes.prefault(shippedModes),
  transports: z
    .array(z.enum(['websocket', 'polling']))
    .min(1)
    .default(['websocket']),
  demo: z.boolean().default(true),
})

/** A setting that stops the start; the message names it. */
export class ConfigError extends Error {}

/** Checks a config and fills in what it leaves open. */
export function readConfig(given: unknown, source: string): Config {
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`${source}: ${issue?.path.join('.') || 'the config'}: ${issue?.message}`)
  }
  return { ...parsed.data, modes: new Map(parsed.data.modes.map((m) => [m.id, m])) }
}

/** Reads the default export of a config file: TypeScript, or a plain object in an `.mjs`. */
export async function loadConfig(path: string): Promise<Config> {
  const module: { default?: unknown } = await import(pathToFileURL(path).href).catch((fault: Error) => {
    throw new ConfigError(`MUSTER_CONFIG: ${path} could not be loaded: ${fault.message}`)
  })
  if (module.default === undefined) throw new ConfigError(`MUSTER_CONFIG: ${path} has no default export`)
  return readConfig(module.default, path)
}
