import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../../ports.ts'
import { isLocked, isOfSurroundings, StoreUnavailableError } from '../errors.ts'
import { asReadable } from './first-page.ts'
import { keepAside, salvage } from './salvage.ts'
import { createDatabase, FORMAT, formatOf, SETTINGS, tablesOf, tryTables } from './schema.ts'
import { lostTransactions } from './transaction-count.ts'

// The first check reads every page, the others check rows and indexes. The many results are checked when they are read.
const isChecked = ({ table }: { table: string }) => table !== 'results'
const checksOf = (format: number) => [
  'quick_check(1)',
  ...tablesOf(format)
    .filter(isChecked)
    .map(({ table }) => `integrity_check('${table}')`),
]

interface Files {
  path: string
  /** The transaction count beside the database. */
  count: string
}

/**
 * Opens the database, or creates it. A damaged database is copied aside, and replaced by a new one with all readable
 * data. A database of an earlier format is migrated. Throws when another process has the file open, when it cannot be
 * read or written, and when a later version of Muster wrote it.
 */
export function openDatabase(files: Files, log: Log): DatabaseSync {
  const { path } = files
  // SQLite takes an empty file for a new database, and deletes its write-ahead log.
  const kept = isEmptied(path) ? keepAside(path) : null
  const isNew = !existsSync(path)
  if (isNew) createDatabase(path)
  const database = new DatabaseSync(path)
  try {
    const fault = faultOf(database)
    if (fault !== null) return replace(database, { path, fault, kept: kept ?? keepAside(path), log })
    const lost = lostTransactions(database, files.count)
    if (lost > 0 || kept) {
      log.error({ lost, kept: kept ?? (isNew ? null : keepAside(path)) }, 'the last transactions were lost')
    }
    return formatOf(database) === FORMAT ? database : migrate(database, path, log)
  } catch (fault) {
    if (database.isOpen) database.close()
    throw fault
  }
}

const isEmptied = (path: string): boolean => (existsSync(path) ? statSync(path).size === 0 : existsSync(`${path}-wal`))

function replace(
  damaged: DatabaseSync,
  { path, fault, kept, log }: { path: string; fault: string; kept: string | null; log: Log },
): DatabaseSync {
  if (kept === null) throw new StoreUnavailableError(`${path} is damaged, and could not be kept aside: ${fault}`)
  const saved = copyOver(asReadable(damaged, path), path)
  log.error({ why: fault, kept, saved }, 'database was damaged, what could be read goes on')
  const database = new DatabaseSync(path)
  const again = faultOf(database)
  if (again === null) return database
  database.close()
  throw new StoreUnavailableError(`${path} was made anew and is damaged again: ${again}`)
}

/** Copies everything to a new database, so that all files of a format have the same layout. */
function migrate(old: DatabaseSync, path: string, log: Log): DatabaseSync {
  const saved = copyOver(old, path)
  log.info({ format: FORMAT, saved }, 'database was migrated')
  const database = new DatabaseSync(path)
  database.exec(SETTINGS)
  return database
}

/** Replaces the source by a new database with everything that can be read of it. */
function copyOver(source: DatabaseSync, path: string): Record<string, number> {
  let saved = {}
  try {
    createDatabase(path, (fresh) => {
      saved = salvage(source, fresh)
      source.close()
    })
  } finally {
    if (source.isOpen) source.close()
  }
  return saved
}

/** What is damaged in the file, or null. */
function faultOf(database: DatabaseSync): string | null {
  try {
    database.exec(SETTINGS)
    // First: another format may have other tables.
    const format = formatOf(database)
    if (format === null) return 'the format is not noted'
    if (format > FORMAT) throw new StoreUnavailableError('the database was written by a later version of Muster')
    for (const check of checksOf(format)) {
      const [answer] = Object.values(database.prepare(`PRAGMA ${check}`).get() ?? {})
      if (answer !== 'ok') return String(answer)
    }
    tryTables(database, format)
    return null
  } catch (fault) {
    if (isLocked(fault) || isOfSurroundings(fault) || fault instanceof StoreUnavailableError) throw fault
    return (fault as Error).message
  }
}
