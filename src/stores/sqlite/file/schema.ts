import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checksumOf, readChecked } from './checksum.ts'

/** The format of the database. A database of an older format is migrated, one of a newer format is refused. */
export const FORMAT = 2

export const PAGE = 4_096

// The lines are one tree by match and seq, without an index that could disagree. Results are numbered in the order in
// which they were stored. Every row has a checksum in `seal`, except those of `played`, which follow from the results.
// Add a new table at the end: then the others begin at the same place in the file, and can be found without page one.
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL, seal INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE matches (
    id INTEGER PRIMARY KEY, match_id TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    snapshot TEXT NOT NULL, seal INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE lines (
    match_id TEXT NOT NULL, seq INTEGER NOT NULL, line TEXT NOT NULL, seal INTEGER NOT NULL,
    PRIMARY KEY (match_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE results (
    id INTEGER PRIMARY KEY, match_id TEXT NOT NULL UNIQUE, result TEXT NOT NULL, seal INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE played (
    player_id TEXT NOT NULL, result_id INTEGER NOT NULL, PRIMARY KEY (player_id, result_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE damaged (
    id INTEGER PRIMARY KEY, match_id TEXT NOT NULL, why TEXT NOT NULL, at INTEGER,
    epoch INTEGER, seq INTEGER, snapshot TEXT, lines TEXT NOT NULL
  ) STRICT;
  CREATE TABLE records (
    n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, seal INTEGER NOT NULL,
    UNIQUE (kind, id)
  ) STRICT;
  CREATE TABLE ratings (
    player_id TEXT NOT NULL, mode TEXT NOT NULL, points INTEGER, rating TEXT NOT NULL, seal INTEGER NOT NULL,
    PRIMARY KEY (player_id, mode)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX standings ON ratings (mode, points DESC, player_id) WHERE points IS NOT NULL;
`

/** Each table with its columns, its key order, and the format that introduced it. */
export const TABLES = [
  { since: 1, table: 'meta', order: 'name', columns: ['name', 'value', 'seal'] },
  { since: 1, table: 'matches', order: 'id', columns: ['id', 'match_id', 'epoch', 'seq', 'snapshot', 'seal'] },
  { since: 1, table: 'lines', order: 'match_id, seq', columns: ['match_id', 'seq', 'line', 'seal'] },
  { since: 1, table: 'results', order: 'id', columns: ['id', 'match_id', 'result', 'seal'] },
  { since: 1, table: 'played', order: 'player_id, result_id', columns: ['player_id', 'result_id'] },
  {
    since: 1,
    table: 'damaged',
    order: 'id',
    columns: ['id', 'match_id', 'why', 'at', 'epoch', 'seq', 'snapshot', 'lines'],
  },
  { since: 2, table: 'records', order: 'n', columns: ['n', 'kind', 'id', 'value', 'seal'] },
  {
    since: 2,
    table: 'ratings',
    order: 'player_id, mode',
    columns: ['player_id', 'mode', 'points', 'rating', 'seal'],
  },
] as const
export type Table = (typeof TABLES)[number]

/** Settings of a connection. Exclusive locking needs no shared-memory file, which could be damaged, too. */
export const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 8000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16384;
  PRAGMA cell_size_check = ON;
`

/** Creates a database at `path` atomically; replaces an existing one. */
export function createDatabase(path: string, fill: (fresh: DatabaseSync) => void = noteFormat): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  rmSync(`${draft}-journal`, { force: true })
  writeFileSync(draft, '', { mode: 0o600 })
  const fresh = new DatabaseSync(draft)
  try {
    fresh.exec(`PRAGMA page_size = ${PAGE}; BEGIN; ${SCHEMA}`)
    fill(fresh)
    fresh.exec('COMMIT')
  } finally {
    fresh.close()
  }
  // SQLite would read a leftover log as part of the new file.
  for (const rest of ['-wal', '-shm', '-journal']) rmSync(path + rest, { force: true })
  renameSync(draft, path)
  syncDirectory(dirname(path))
}

export const tablesOf = (format: number): Table[] => TABLES.filter(({ since }) => since <= format)

/** Throws when a table of this format is missing or has other columns. */
export function tryTables(database: DatabaseSync, format: number): void {
  for (const { table, columns } of tablesOf(format))
    database.prepare(`SELECT ${columns.join(', ')} FROM ${table} LIMIT 0`).all()
}

/** The format of the database; null when the entry is missing or damaged. Throws when the table cannot be read. */
export function formatOf(database: DatabaseSync): number | null {
  const { value, seal } = database.prepare("SELECT value, seal FROM meta WHERE name = 'format'").get() ?? {}
  const format = readChecked(['format'], String(value), seal)?.value
  return typeof format === 'number' ? format : null
}

export function noteFormat(fresh: DatabaseSync): void {
  fresh
    .prepare('INSERT OR REPLACE INTO meta VALUES (?, ?, ?)')
    .run('format', FORMAT, checksumOf(['format'], `${FORMAT}`))
}

// Without this a power cut could undo the rename, with everything written since.
function syncDirectory(directory: string): void {
  try {
    const handle = openSync(directory, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    // Windows cannot open a directory.
  }
}
