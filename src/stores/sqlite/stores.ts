import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordStore } from '../../lobby/record-store.ts'
import type { MatchStore } from '../../match/match-store.ts'
import type { Clock, Log } from '../../ports.ts'
import { backupOf } from '../backup/online-backup.ts'
import { type Batch, openBatch } from './batch.ts'
import { isLocked, StoreLockedError, StoreUnavailableError } from './errors.ts'
import { takeLock } from './file/lock.ts'
import { openDatabase } from './file/open.ts'
import { openTransactionCount } from './file/transaction-count.ts'
import { matchStoreOn } from './match-store.ts'
import type { SqliteParts } from './parts.ts'
import { recordStoreOn } from './record-store.ts'

interface SqliteOptions {
  /** Created when missing, private to this user. One process at a time may use it. */
  directory: string
  log: Log
  /** Dates the damaged matches. */
  clock?: Pick<Clock, 'now'>
  /** How many pages of 4 KB the database may have: for tests of a full disk. */
  maxPages?: number
}
export interface SqliteStores {
  store: MatchStore
  records: RecordStore
  /** Copies the database to a new file, as it is at the end of the copy. Writes go on during the copy. */
  copyTo(path: string): Promise<void>
}

/**
 * Stores matches and records in `muster.db`. They survive restarts, crashes and `kill -9`; a power cut may lose the last
 * moments, but no commit with a result. Damage is logged and reported by `load()`; undamaged data stays in use. Closing
 * the match store closes both.
 *
 * Rejects with a `StoreLockedError` when another process uses the directory, and with a `StoreUnavailableError` when it
 * cannot be read or written. Later calls that fail also reject with a `StoreUnavailableError`.
 */
export async function openSqliteStores({ directory, log, clock, maxPages }: SqliteOptions): Promise<SqliteStores> {
  makeDirectory(directory)
  const unlock = takeLock(directory)
  try {
    const files = { path: join(directory, 'muster.db'), count: join(directory, 'muster.turns') }
    const database = openDatabase(files, log)
    if (maxPages) database.exec(`PRAGMA max_page_count = ${maxPages}`)
    const transactions = openTransactionCount(database, files.count)
    const batch = openBatch(database, transactions)
    const parts = { database, batch, read: readingBy(batch), log, ...(clock && { clock }) }
    const copies = backupOf(database)
    const close = onceOnly(async () => {
      await copies.stop()
      batch.flush()
      database.close()
      transactions.close()
      unlock()
    })
    return { store: matchStoreOn({ ...parts, close }), records: recordStoreOn(parts), copyTo: copies.copyTo }
  } catch (cause) {
    unlock()
    if (isLocked(cause)) throw new StoreLockedError(directory, cause)
    throw cause instanceof StoreUnavailableError
      ? cause
      : new StoreUnavailableError(`${directory} cannot be used`, cause)
  }
}

const readingBy =
  (batch: Batch): SqliteParts['read'] =>
  (subjects, ask) =>
    batch.read(subjects, ask).catch((cause: unknown) => {
      throw new StoreUnavailableError('nothing could be read', cause)
    })

function onceOnly(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= task()
    return done
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StoreUnavailableError(`${directory} cannot be made`, cause)
  }
}
