import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createDatabase, FORMAT, formatOf, PAGE, tryTables } from './schema.ts'

/**
 * The damaged database with its tables in reach. Its first page says where they are; when that one is damaged, or more
 * pages are missing than SQLite will put up with, the first page of an empty database says the same.
 */
export function asReadable(damaged: DatabaseSync, path: string): DatabaseSync {
  const { first, size } = firstPageOf(`${path}.empty`)
  if (hasTables(damaged) && hasShapeOf(first, path)) return damaged
  damaged.close()
  const file = openSync(path, 'r+')
  writeSync(file, first, 0, PAGE, 0)
  // A table that begins behind the end of the file, as one of a later form may, would keep SQLite from reading any.
  ftruncateSync(file, Math.max(size, Math.ceil(fstatSync(file).size / PAGE) * PAGE))
  closeSync(file)
  return new DatabaseSync(path)
}

function firstPageOf(path: string): { first: Buffer; size: number } {
  createDatabase(path)
  const empty = readFileSync(path)
  rmSync(path)
  const page = empty.subarray(0, PAGE)
  // These two differ when the size in the header is out of date: then the size of the file counts.
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

// With another page size, or part of each page reserved, nothing would be found where it is.
function hasShapeOf(first: Buffer, path: string): boolean {
  const header = Buffer.alloc(24)
  const file = openSync(path, 'r')
  readSync(file, header)
  closeSync(file)
  return header.compare(first, 16, 18, 16, 18) === 0 && header.compare(first, 20, 24, 20, 24) === 0
}
