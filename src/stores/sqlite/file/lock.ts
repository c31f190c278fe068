import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isLocked, StoreLockedError, StoreUnavailableError } from '../errors.ts'

/**
 * Locks the directory for this process and returns a function that unlocks it; the end of the process unlocks it, too.
 * Throws a `StoreLockedError` at once when it is locked.
 */
export function takeLock(directory: string): () => void {
  // A separate file: the database may be replaced while the directory is locked, and POSIX releases a process's locks on
  // a file as soon as it closes any handle to it.
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
