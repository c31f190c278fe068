import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigError } from '../config/config.ts'

// A full disk is accepted: it may have room again later, and the service should start.
const FULL = ['ENOSPC', 'EDQUOT']

/** Creates the directory if it is missing; throws a `ConfigError` that names the setting when it cannot be used. */
export function checkDirectory(setting: string, path: string): void {
  const refuse = (fault: unknown) => new ConfigError(`${setting}: ${path} ${whyOf(fault)}`)
  try {
    makeDirectories(resolve(path))
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
  } catch (fault) {
    throw refuse(fault)
  }
  const probe = join(path, '.muster-probe')
  try {
    closeSync(openSync(probe, 'w', 0o600))
    rmSync(probe, { force: true })
  } catch (fault) {
    if (!FULL.includes(codeOf(fault))) throw refuse(fault)
  }
}

// One by one: a recursive mkdir below /proc never returns in Node.
function makeDirectories(path: string): void {
  if (existsSync(path)) return
  makeDirectories(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Throws a `ConfigError` that names the setting when the file cannot be appended to. */
export function checkAppendable(setting: string, path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch (fault) {
    if (!FULL.includes(codeOf(fault))) throw new ConfigError(`${setting}: ${path} ${whyOf(fault)}`)
  }
}

const codeOf = (fault: unknown): string => String((fault as NodeJS.ErrnoException).code)

function whyOf(fault: unknown): string {
  const code = codeOf(fault)
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'is a file, or lies in one: name a directory'
  if (code === 'EISDIR') return 'is a directory: name a file in it'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `cannot be written by this user (${code})`
  if (code === 'ENOENT') return 'cannot be made there: the place does not exist, or takes no files'
  return `cannot be used (${code})`
}
