import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isLocked, StoreLockedError, StoreUnavailableError } from '../errors.ts'

/**
 * Takes the directory for this process alone and returns what gives it back; it is given back when the process dies,
 * too. Throws a `StoreLockedError` at once when it is taken.
 */
export function takeLock(directory: string): () => void {
  // A file of its own: the database may be replaced while the directory is held, and POSIX drops a process's locks on
  // a file as soon as it closes any handle to it, after reading a copy for instance.
  const lock = openLock(join(directory, 'muster.lock'))
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return () => lock.close()
  } catch (cause) {
    lock.close()
    throw isLocked(cause) ? new StoreLockedError(directory, cause) : unusable(directory, cause)
  }
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

const unusable = (path: string, cause: unknown) => new StoreUnavailableError(`${path} cannot be used`, cause)
