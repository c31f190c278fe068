import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnavailableError } from './sqlite/errors.ts'

const LEAST_CHARS = 16

/** The secret that was made up for this directory, made now if there is none: sessions outlive the process with it. */
export function sessionSecretIn(directory: string): string {
  const path = join(directory, 'session-secret')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const known = read(path) ?? ''
    // A crash at the wrong moment may have left it empty, and nothing is signed with nothing.
    if (known.length >= LEAST_CHARS) return known
    rmSync(path, { force: true })
    putWhole(path, randomBytes(32).toString('base64url'))
    return read(path) ?? ''
  } catch (fault) {
    throw new StoreUnavailableError(`${path} cannot be used`, fault)
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fault
  }
}

// Another process may be at it: whoever is first has made the secret, and nobody reads half of it.
function putWhole(path: string, secret: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, secret, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (fault) {
    // Some file systems have no links.
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}
