import { existsSync, readFileSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Config, ConfigError, readConfig } from '../config/config.ts'
import { moduleUrl, packageRoot } from '../system/this-package.ts'

const ROOT = `${pathToFileURL(packageRoot)}/`
/** The names that a config can import from Muster, wherever the config is, and the modules behind them. */
const OURS = new Map(
  Object.entries({
    '@muster-rooms/server': '../index',
    '@muster-rooms/server/config': '../config/config',
    '@muster-rooms/client': '../client/client',
    muster: '../config/config',
    'muster/client': '../client/client',
  }).map(([name, path]) => [name, moduleUrl(path, import.meta.url).href]),
)
let isHooked = false
/** The files of the config and of everything that it imports, installed packages apart. */
const loaded = new Set<string>()

/** The files of all configs loaded so far, also of one that failed: `muster dev` watches them. */
export const configFiles = (): string[] => [...loaded]

/** Loads the config at a path, or the default one: `muster.config.ts`, and the shipped config where that is missing. */
export async function loadConfigOrDefault(given: string | undefined): Promise<Config> {
  const path = resolve(given ?? 'muster.config.ts')
  loaded.add(path)
  return given === undefined && !existsSync(path) ? readConfig({}, 'the shipped config') : loadConfig(path)
}

/** Loads the default export of a config file: TypeScript or JavaScript, in any folder. Rejects with a `ConfigError`. */
export async function loadConfig(path: string): Promise<Config> {
  if (!existsSync(path)) throw new ConfigError(`MUSTER_CONFIG: ${path} is not there`)
  if (!statSync(path).isFile()) throw new ConfigError(`MUSTER_CONFIG: ${path} is no file`)
  hookImports()
  const module: { default?: unknown } = await import(pathToFileURL(path).href).catch((fault: unknown) => {
    throw new ConfigError(`MUSTER_CONFIG: ${path} could not be loaded: ${whyOf(fault)}`)
  })
  if (module.default === undefined) {
    throw new ConfigError(`MUSTER_CONFIG: ${path} has no default export: say export default defineConfig({ … })`)
  }
  return readExport(module.default, path)
}

/** Reads an export, which may be a promise or have getters that throw. */
async function readExport(exported: unknown, path: string): Promise<Config> {
  try {
    const config = readConfig(await exported, `MUSTER_CONFIG: ${path}`)
    return config.page === undefined ? config : { ...config, page: resolve(dirname(path), config.page) }
  } catch (fault) {
    if (fault instanceof ConfigError) throw fault
    throw new ConfigError(`MUSTER_CONFIG: ${path} could not be read: ${whyOf(fault)}`)
  }
}

/** Lets files outside of this package import `@muster-rooms/server`, and loads ES modules as such, whatever their package.json says. */
function hookImports(): void {
  if (isHooked) return
  isHooked = true
  registerHooks({
    resolve(specifier, context, next) {
      const url = OURS.get(specifier)
      if (url) return { url, format: url.endsWith('.ts') ? 'module-typescript' : 'module', shortCircuit: true }
      const found = next(specifier, context)
      if (isOwnFile(found.url)) loaded.add(fileURLToPath(found.url))
      const format = formatOf(found.url)
      return format ? { ...found, format } : found
    },
  })
}

/** Whether it is a file of the user, not of an installed package. */
const isOwnFile = (url: string): boolean => url.startsWith('file:') && !url.includes('/node_modules/')

// Node goes by the nearest package.json, which may be missing or say something else.
function formatOf(url: string): string | null {
  const [, kind] = /\.(ts|js)$/.exec(url) ?? []
  if (!kind || !isOwnFile(url) || url.startsWith(ROOT)) return null
  const path = fileURLToPath(url)
  if (!existsSync(path) || !isModule(readFileSync(path, 'utf8'))) return null
  return kind === 'ts' ? 'module-typescript' : 'module'
}

const EXPORT = /^\s*export\s*(?:default\b|const\b|let\b|var\b|function\b|class\b|async\b|type\b|interface\b|[{*])/m
const IMPORT = /^\s*import\s*(?:["'{*]|type\s|[\w$]+\s*,|[\w$]+\s+from\b)/m
const isModule = (text: string): boolean =>
  (EXPORT.test(text) || IMPORT.test(text)) && !/^\s*module\.exports\b/m.test(text)

function whyOf(fault: unknown): string {
  if (!(fault instanceof Error)) return textOf(fault)
  // The stack of a syntax error begins with its place; other stacks have it in the first foreign frame.
  const foreign = `${fault.stack}`.split('\n').filter((line) => !line.includes(ROOT))
  const [, file, line] = /([^/\s()]+\.[cm]?[jt]s):(\d+)/.exec(foreign.join('\n')) ?? []
  const where = file ? ` (${file}, line ${line})` : ''
  return `${`${fault.message}`.split('\n', 1)[0]}${where}`
}

// Code can throw anything, even a value that String() rejects.
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'it threw something that is no error'
  }
}
