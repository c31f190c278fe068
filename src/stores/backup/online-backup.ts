import { close, fsync, openSync } from 'node:fs'
import { backup, type DatabaseSync } from 'node:sqlite'

// Copies 400 KB at a time, which delays other writes by a few milliseconds.
const PAGES = 100
const MAX_TRIES = 5

/** Copies a database in use to a new file, as it is at the end of the copying. Runs one copy at a time. */
export function backupOf(database: DatabaseSync, copy: typeof backup = backup) {
  let running: Promise<unknown> = Promise.resolve()
  let isStopped = false

  async function copyTo(path: string, triesLeft = MAX_TRIES - 1): Promise<void> {
    try {
      await copyOnce(path)
    } catch (fault) {
      if (isStopped || triesLeft === 0 || !isSpurious(fault)) throw fault
      await copyTo(path, triesLeft - 1)
    }
  }

  async function copyOnce(path: string): Promise<void> {
    const sync = syncing(path)
    await copy(database, path, {
      rate: PAGES,
      progress() {
        if (isStopped) throw new Error('the service stops')
        sync.next()
      },
    }).finally(sync.end)
  }

  return {
    copyTo(path: string): Promise<void> {
      const copying = running.then(() => copyTo(path))
      running = copying.catch(() => {})
      return copying
    },
    /** Aborts the running copy; resolves when it no longer uses the database. */
    stop(): Promise<unknown> {
      isStopped = true
      return running
    },
  }
}

// While the main thread writes, a copy on another thread sometimes fails with SQLite's code for "not an error": the
// connection's last code is already that of the write. The copy begins anew then.
const isSpurious = (fault: unknown): boolean => (fault as { errcode?: unknown } | null)?.errcode === 0

// SQLite syncs the copy at the end while it holds the original. Syncing along the way keeps that short.
function syncing(path: string) {
  let file: number | null = null
  let isBusy = false
  let isOver = false
  const closeOnce = () => {
    if (file !== null && isOver && !isBusy) close(file, () => {})
  }
  return {
    next(): void {
      if (isBusy) return
      file ??= openSync(path, 'r')
      isBusy = true
      fsync(file, () => {
        isBusy = false
        closeOnce()
      })
    },
    end(): void {
      isOver = true
      closeOnce()
    },
  }
}
