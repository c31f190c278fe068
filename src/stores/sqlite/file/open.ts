import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../../ports.ts'
import { isLocked, isOfSurroundings, StoreUnavailableError } from '../errors.ts'
import { asReadable } from './first-page.ts'
import { keepAside, salvage } from './salvage.ts'
import { createDatabase, FORMAT, formatOf, SETTINGS, tablesOf, tryTables } from './schema.ts'
import { lostTransactions } from './transaction-count.ts'

// The first looks at every page, the others at whether rows and indexes are in order. Results are many, and each is
// looked at when it is read.
const isChecked = ({ table }: { table: string }) => table !== 'results'
const checksOf = (format: number) => [
  'quick_check(1)',
  ...tablesOf(format)
    .filter(isChecked)
    .map(({ table }) => `integrity_check('${table}')`),
]

interface Files {
  path: string
  /** Counts transactions beside the database. */
  turns: string
}

/**
 * Opens the database, or makes one. Damage does not stop the service: the files are kept aside as they were found,
 * what can be read of them goes on, and the log says so. A database of an earlier form is brought up to date. Throws when somebody else has the file open, when it cannot be
 * read or written at all, and when a later Muster has written it.
 */
export function openDatabase(files: Files, log: Log): DatabaseSync {
  const { path } = files
  // SQLite takes an empty file for a new one, and throws away the write-ahead log that belonged to it.
  const kept = isEmptied(path) ? keepAside(path) : null
  const isNew = !existsSync(path)
  if (isNew) createDatabase(path)
  const database = new DatabaseSync(path)
  try {
    const fault = faultOf(database)
    if (fault !== null) return replace(database, { path, fault, kept: kept ?? keepAside(path), log })
    const lost = lostTransactions(database, files.turns)
    if (lost > 0 || kept) {
      log.error({ lost, kept: kept ?? (isNew ? null : keepAside(path)) }, 'the last transactions were lost')
    }
    return formatOf(database) === FORMAT ? database : renewed(database, path, log)
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

/** The same in today's form. All of it is copied, so that every file of a form is laid out alike. */
function renewed(old: DatabaseSync, path: string, log: Log): DatabaseSync {
  const saved = copyOver(old, path)
  log.info({ format: FORMAT, saved }, 'database was brought up to date')
  const database = new DatabaseSync(path)
  database.exec(SETTINGS)
  return database
}

/** Puts a new database with everything that can be read of the source in its place. */
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

/** What is wrong with the file itself, or null. */
function faultOf(database: DatabaseSync): string | null {
  try {
    database.exec(SETTINGS)
    // Asked first: another form may have other tables.
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
