import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Line, Stored } from './check/history.ts'

type Row = Record<string, unknown>

/** Reads the stored state of a killed server, from a copy: opening the database would change it. */
export function readStore(dataDir: string): Stored {
  const copy = join(dataDir, 'copy')
  mkdirSync(copy)
  for (const file of ['muster.db', 'muster.db-wal']) {
    if (existsSync(join(dataDir, file))) copyFileSync(join(dataDir, file), join(copy, file))
  }
  const database = new DatabaseSync(join(copy, 'muster.db'))
  const all = (query: string, ...values: string[]): Row[] => database.prepare(query).all(...values)
  const linesOf = (matchId: string): Line[] =>
    all('SELECT line FROM lines WHERE match_id = ? ORDER BY seq', matchId).map(({ line }) => JSON.parse(String(line)))
  try {
    return {
      matches: all('SELECT match_id, epoch, seq FROM matches').map(({ match_id, epoch, seq }) => ({
        matchId: String(match_id),
        epoch: Number(epoch),
        seq: Number(seq),
        lines: linesOf(String(match_id)),
      })),
      results: all('SELECT result FROM results').map(({ result }) => JSON.parse(String(result))),
      damaged: all('SELECT match_id FROM damaged').map(({ match_id }) => String(match_id)),
    }
  } finally {
    database.close()
  }
}
