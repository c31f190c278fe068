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
  /** Made when missing, for this user alone. One process at a time works in it. */
  directory: string
  log: Log
  /** Dates what is set aside. */
  clock?: Pick<Clock, 'now'>
  /** How many pages of 4 KB the database may have; for tests of a full disk. */
  maxPages?: number
}
export interface SqliteStores {
  store: MatchStore
  records: RecordStore
  /** Copies the database, as it is when the copy is done, to a new file; others write meanwhile. */
  copyTo(path: string): Promise<void>
}

/**
 * Keeps matches and records in `muster.db`, through restarts, crashes and `kill -9`; a power cut may take the last
 * moments, but no commit that carried a result. Damage is told in the log and by `load()`, and what is whole goes on.
 * Closing the match store closes both.
 *
 * Rejects with a `StoreLockedError` when another process works in the directory, and with a `StoreUnavailableError` when
 * it cannot be read or written at all. So does, later, every call that cannot be answered.
 */
export async function openSqliteStores({ directory, log, clock, maxPages }: SqliteOptions): Promise<SqliteStores> {
  makeDirectory(directory)
  const unlock = takeLock(directory)
  try {
    const files = { path: join(directory, 'muster.db'), turns: join(directory, 'muster.turns') }
    const database = openDatabase(files, log)
    if (maxPages) database.exec(`PRAGMA max_page_count = ${maxPages}`)
    const turns = openTransactionCount(database, files.turns)
    const batch = openBatch(database, turns)
    const parts = { database, batch, read: readingBy(batch), log, ...(clock && { clock }) }
    const copies = backupOf(database)
    const close = onceOnly(async () => {
      await copies.stop()
      batch.flush()
      database.close()
      turns.close()
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
