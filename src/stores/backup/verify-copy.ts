import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FORMAT, formatOf, tryTables } from '../sqlite/file/schema.ts'
import { openLoader } from '../sqlite/load.ts'

/** A fault that the user of the command can fix. */
export class Unusable extends Error {}

/** Verifies that a service can start from every database in the directory; returns how many matches are open in them. */
export function verifyAll(directory: string): number {
  const titles = join(directory, 'titles')
  const ids = existsSync(titles) ? readdirSync(titles) : []
  const databases = [directory, ...ids.map((id) => join(titles, id))].map((one) => join(one, 'muster.db'))
  return databases.reduce((sum, path) => sum + verify(path), 0)
}

function verify(path: string): number {
  if (!isDatabase(path)) throw new Unusable(`${path} is no database`)
  const database = new DatabaseSync(path)
  try {
    // Leaves one file, without a write-ahead log beside it.
    database.exec('PRAGMA journal_mode = DELETE')
    const [answer] = Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})
    if (answer !== 'ok') throw new Unusable(`${path} is damaged: ${answer}`)
    const format = formatOf(database)
    if (format === null || format > FORMAT)
      throw new Unusable(`${path} has a format that this version of Muster does not know`)
    tryTables(database, format)
    const { matches, damaged, strays } = openLoader(database).read()
    const lost = damaged.length + strays.length
    if (lost > 0) throw new Unusable(`${path} has ${lost} damaged matches`)
    return matches.length
  } finally {
    database.close()
  }
}

/** Whether the file begins with SQLite's magic bytes. */
export function isDatabase(path: string): boolean {
  if (!existsSync(path)) return false
  const head = Buffer.alloc(15)
  const file = openSync(path, 'r')
  try {
    readSync(file, head)
  } catch {
    return false
  } finally {
    closeSync(file)
  }
  return head.toString() === 'SQLite format 3'
}
