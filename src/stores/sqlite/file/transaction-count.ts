import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { checksumOf, readChecked } from './checksum.ts'

export type TransactionCount = ReturnType<typeof openTransactionCount>

/**
 * Counts transactions twice: in the database within each transaction, and in a file beside it after each. SQLite takes a
 * damaged or truncated write-ahead log for a shorter one and reports nothing; the count in the file shows the loss.
 */
export function openTransactionCount(database: DatabaseSync, path: string) {
  const write = database.prepare("INSERT OR REPLACE INTO meta (name, value, seal) VALUES ('turns', ?, ?)")
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  let count = countIn(database)
  writeFile()

  function writeFile(): void {
    // Padded to a fixed length, so that it overwrites the last count.
    const text = String(count).padStart(16)
    try {
      writeSync(file, `${text}${String(checksumOf(['turns'], text)).padStart(12)}\n`, 0)
    } catch {
      // The transaction is committed; the older count in the file only hides a loss of newer transactions.
    }
  }

  return {
    /** Call within a transaction. */
    begin: () => void write.run(count + 1, checksumOf(['turns'], String(count + 1))),
    /** Call after the commit. */
    end(): void {
      count += 1
      writeFile()
    },
    close: () => closeSync(file),
  }
}

/** How many transactions the database has lost, by the count in the file. */
export function lostTransactions(database: DatabaseSync, path: string): number {
  return Math.max(0, countInFile(path) - countIn(database))
}

function countIn(database: DatabaseSync): number {
  const read = database.prepare("SELECT value, seal FROM meta WHERE name = 'turns'")
  read.setReadBigInts(true)
  const { value, seal } = read.get() ?? {}
  return (readChecked(['turns'], String(value), seal)?.value as number | undefined) ?? 0
}

function countInFile(path: string): number {
  try {
    const text = readFileSync(path, 'utf8')
    return (readChecked(['turns'], text.slice(0, 16), text.slice(16))?.value as number | undefined) ?? 0
  } catch {
    return 0
  }
}
