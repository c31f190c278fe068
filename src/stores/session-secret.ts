import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnavailableError } from './sqlite/errors.ts'

const LEAST_CHARS = 16

/** The generated session secret of a data directory, created when missing: sessions outlive the process. */
export function sessionSecretIn(directory: string): string {
  const path = join(directory, 'session-secret')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const known = read(path) ?? ''
    // A crash may have left the file empty.
    if (known.length >= LEAST_CHARS) return known
    rmSync(path, { force: true })
    writeOnce(path, randomBytes(32).toString('base64url'))
    return read(path) ?? ''
  } catch (fault) {
    throw new StoreUnavailableError(`${path} cannot be used`, fault)
  }
}

/** Replaces a generated secret by the one of the data directory, if there is a directory. */
export function useStoredSecret(env: {
  DATA_DIR?: string | undefined
  SESSION_SECRET: string
  isSessionSecretMadeUp: boolean
}): void {
  if (!env.DATA_DIR || !env.isSessionSecretMadeUp) return
  env.SESSION_SECRET = sessionSecretIn(env.DATA_DIR)
  env.isSessionSecretMadeUp = false
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fault
  }
}

// Two processes may do this at once: the first one's secret wins, and neither reads half of it.
function writeOnce(path: string, secret: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, secret, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (fault) {
    // Some file systems have no hard links.
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}
