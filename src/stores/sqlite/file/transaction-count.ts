import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { openSealed, sealOf } from './checksum.ts'

/**
 * Counts transactions, in the database as part of each and in a file beside it after each. SQLite takes a write-ahead
 * log that is damaged or cut off for one that ends there, and says nothing; the file tells that there was more.
 */
export type TransactionCount = ReturnType<typeof openTransactionCount>
export function openTransactionCount(database: DatabaseSync, path: string) {
  const note = database.prepare("INSERT OR REPLACE INTO meta (name, value, seal) VALUES ('turns', ?, ?)")
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  let turns = notedIn(database)
  tell()

  function tell(): void {
    // Always as long as the last time, so that it replaces what was there.
    const text = String(turns).padStart(16)
    try {
      writeSync(file, `${text}${String(sealOf(['turns'], text)).padStart(12)}\n`, 0)
    } catch {
      // What was committed is committed; an older count only hides a loss that is as old.
    }
  }

  return {
    /** To be called within a transaction. */
    begin: () => void note.run(turns + 1, sealOf(['turns'], String(turns + 1))),
    /** To be called when it is committed. */
    end(): void {
      turns += 1
      tell()
    },
    close: () => closeSync(file),
  }
}

/** How many transactions the database once had and has no longer, as far as can be told. */
export function lostTransactions(database: DatabaseSync, path: string): number {
  return Math.max(0, toldBy(path) - notedIn(database))
}

function notedIn(database: DatabaseSync): number {
  const read = database.prepare("SELECT value, seal FROM meta WHERE name = 'turns'")
  read.setReadBigInts(true)
  const { value, seal } = read.get() ?? {}
  return (openSealed(['turns'], String(value), seal)?.value as number | undefined) ?? 0
}

function toldBy(path: string): number {
  try {
    const told = readFileSync(path, 'utf8')
    return (openSealed(['turns'], told.slice(0, 16), told.slice(16))?.value as number | undefined) ?? 0
  } catch {
    return 0
  }
}
