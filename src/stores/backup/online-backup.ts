import { close, fsync, openSync } from 'node:fs'
import { backup, type DatabaseSync } from 'node:sqlite'

// Copies 400 KB at a time, which delays other writes by a few milliseconds.
const PAGES = 100

/** Copies a database in use to a new file, as it is at the end of the copying. Runs one copy at a time. */
export function backupOf(database: DatabaseSync) {
  let running: Promise<unknown> = Promise.resolve()
  let isStopped = false

  async function copyTo(path: string): Promise<void> {
    const sync = syncing(path)
    await backup(database, path, {
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
