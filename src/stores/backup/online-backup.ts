import { close, fsync, openSync } from 'node:fs'
import { backup, type DatabaseSync } from 'node:sqlite'

// 400 KB at a time: whoever writes meanwhile waits for some milliseconds.
const PAGES = 100

/** Copies a database that is in use to a new file, as it is at the end of the copying. */
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
    /** Resolves when the database is no longer in use for a copy. */
    stop(): Promise<unknown> {
      isStopped = true
      return running
    },
  }
}

// SQLite puts all of the copy on the disk at the end, holding the original meanwhile; little should be left to put.
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
