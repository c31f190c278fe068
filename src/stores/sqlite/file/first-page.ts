import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createDatabase, FORMAT, formatOf, PAGE, tryTables } from './schema.ts'

/**
 * Makes the tables of a damaged database readable. The first page says where they are; if it is damaged, or if more
 * pages are missing than SQLite accepts, the first page of an empty database replaces it.
 */
export function asReadable(damaged: DatabaseSync, path: string): DatabaseSync {
  const { first, size } = firstPageOf(`${path}.empty`)
  if (hasTables(damaged) && hasShapeOf(first, path)) return damaged
  damaged.close()
  const file = openSync(path, 'r+')
  writeSync(file, first, 0, PAGE, 0)
  // SQLite reads no table at all if one begins behind the end of the file, as a table of a later format may.
  ftruncateSync(file, Math.max(size, Math.ceil(fstatSync(file).size / PAGE) * PAGE))
  closeSync(file)
  return new DatabaseSync(path)
}

function firstPageOf(path: string): { first: Buffer; size: number } {
  createDatabase(path)
  const empty = readFileSync(path)
  rmSync(path)
  const page = empty.subarray(0, PAGE)
  // With different values here SQLite ignores the size in the header and takes the size of the file.
  page.writeUInt32BE(1, 24)
  page.writeUInt32BE(2, 92)
  return { first: page, size: empty.length }
}

function hasTables(database: DatabaseSync): boolean {
  try {
    tryTables(database, formatOf(database) ?? FORMAT)
    return true
  } catch {
    return false
  }
}

// The header must have the same page size and reserved space, else SQLite would look in the wrong places.
function hasShapeOf(first: Buffer, path: string): boolean {
  const header = Buffer.alloc(24)
  const file = openSync(path, 'r')
  readSync(file, header)
  closeSync(file)
  return header.compare(first, 16, 18, 16, 18) === 0 && header.compare(first, 20, 24, 20, 24) === 0
}
