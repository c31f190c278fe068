import { copyFileSync, existsSync, rmSync } from 'node:fs'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { PlayedMatch } from '../../../match/match-store.ts'
import type { PlayerId } from '../../../protocol/ids.ts'
import { isOfSurroundings } from '../errors.ts'
import { openRatingTable } from '../ratings.ts'
import { openResultTables } from '../results.ts'
import { readChecked } from './checksum.ts'
import { noteFormat, TABLES, type Table } from './schema.ts'

/** Copies the files as they are, for an operator to inspect. Returns the copy's path, or null when the copy fails. */
export function keepAside(path: string): string | null {
  let copy = ''
  for (let n = 1; copy === '' || existsSync(copy) || existsSync(`${copy}-wal`); n += 1) copy = `${path}.damaged-${n}`
  try {
    for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, copy + part)
    return copy
  } catch {
    for (const part of ['', '-wal']) rmSync(copy + part, { force: true })
    return null
  }
}

/**
 * Copies every readable row; checksums tell later which of them are damaged. Returns the number of rows by table. Throws
 * only when the fresh database cannot be written.
 */
export function salvage(damaged: DatabaseSync, fresh: DatabaseSync): Record<string, number> {
  const saved: Record<string, number> = {}
  for (const table of TABLES) if (table.table !== 'played') saved[table.table] = copyRows(damaged, fresh, table)
  indexPlayers(fresh)
  openRatingTable(fresh, openResultTables(fresh).history).rebuild(playersIn(fresh))
  noteFormat(fresh)
  return saved
}

// A page that cannot be read ends the iteration; a second one in descending order reaches the rows behind it.
function copyRows(damaged: DatabaseSync, fresh: DatabaseSync, { table, columns, order }: Table): number {
  const places = columns.map(() => '?').join(', ')
  const insert = fresh.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
  const put = (row: Record<string, unknown>): number => {
    try {
      return Number(insert.run(...(Object.values(row) as SQLInputValue[])).changes)
    } catch (fault) {
      if (isOfSurroundings(fault)) throw new Unwritable(fault)
      return 0
    }
  }
  let copied = 0
  for (const by of [order, order.replaceAll(/\w+/g, '$& DESC')]) {
    try {
      const rows = damaged.prepare(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${by}`)
      rows.setReadBigInts(true)
      for (const row of rows.iterate()) copied += put(row)
      return copied
    } catch (fault) {
      if (fault instanceof Unwritable) throw fault.cause
    }
  }
  return copied
}

class Unwritable extends Error {
  constructor(cause: unknown) {
    super('the fresh database cannot be written', { cause })
  }
}

function indexPlayers(fresh: DatabaseSync): void {
  const results = fresh.prepare('SELECT id, match_id, result, seal FROM results')
  results.setReadBigInts(true)
  const insert = fresh.prepare('INSERT OR IGNORE INTO played VALUES (?, ?)')
  for (const { id, match_id, result, seal } of results.iterate()) {
    const played = readChecked([String(match_id)], result, seal)?.value as PlayedMatch | undefined
    for (const { playerId } of played?.players ?? []) insert.run(playerId, id as bigint)
  }
}

const playersIn = (fresh: DatabaseSync): PlayerId[] =>
  fresh
    .prepare('SELECT DISTINCT player_id FROM played')
    .all()
    .map(({ player_id }) => String(player_id) as PlayerId)
