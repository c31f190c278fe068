import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { takeLock } from '../sqlite/file/lock.ts'
import { backupOf } from './online-backup.ts'

/** Copies the database of a directory that no process uses, and locks the directory during the copy. */
export async function copyIdleDatabase(directory: string, target: string): Promise<void> {
  const unlock = takeLock(directory)
  try {
    const path = join(directory, 'muster.db')
    if (!existsSync(path)) return
    mkdirSync(target, { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(path)
    try {
      await backupOf(database).copyTo(join(target, 'muster.db'))
    } finally {
      database.close()
    }
  } finally {
    unlock()
  }
}

/** Copies the generated session secret of a directory, if there is one. */
export function copySessionSecret(directory: string, target: string): void {
  const path = join(directory, 'session-secret')
  if (existsSync(path)) copyFileSync(path, join(target, 'session-secret'))
}
