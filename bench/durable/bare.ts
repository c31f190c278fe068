import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MatchCommit, MatchStore } from '../../src/match/match-store.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { SETTINGS } from '../../src/stores/sqlite/file/schema.ts'
import { newId } from '../../src/system/system.ts'
import type { Game } from './games.ts'
import { openActors } from './muster.ts'

/** What an action writes: the match after it, and a line of its log. */
export interface Texts {
  snapshot: string
  line: string
}

/** What Muster writes for an action, once the match is as large as it gets. */
export async function textsOf(game: Game): Promise<Texts> {
  let last: MatchCommit | null = null
  const memory = openMemoryMatchStore()
  const store: MatchStore = {
    ...memory,
    commit(commit) {
      last = commit
      return memory.commit(commit)
    },
  }
  const { act, close } = await openActors(game, store, 1)
  for (let n = 0; n < game.warmUpActs; n += 1) await act(0)
  await close()
  const { snapshot, lines } = last as unknown as MatchCommit
  return { snapshot: JSON.stringify(snapshot), line: JSON.stringify(lines[0]) }
}

/** Writes the same bytes with no match behind them, all of a turn of the event loop in one transaction. */
export function openBare(directory: string, { snapshot, line }: Texts, count: number) {
  const database = new DatabaseSync(join(directory, 'bare.db'))
  database.exec(`
    ${SETTINGS}
    CREATE TABLE matches (match_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, snapshot TEXT NOT NULL) STRICT;
    CREATE TABLE lines (
      match_id TEXT NOT NULL, seq INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (match_id, seq)
    ) STRICT, WITHOUT ROWID;
  `)
  const putMatch = database.prepare(`
    INSERT INTO matches VALUES (?, ?, ?)
    ON CONFLICT (match_id) DO UPDATE SET seq = excluded.seq, snapshot = excluded.snapshot
  `)
  const addLine = database.prepare('INSERT INTO lines VALUES (?, ?, ?)')
  const matches = Array.from({ length: count }, () => ({ id: newId(), seq: 0 }))
  let waiting: { index: number; resolve: (refusal: null) => void }[] = []
  let written = 0

  function writeAll(): void {
    const writes = waiting
    waiting = []
    database.exec('BEGIN')
    for (const { index } of writes) {
      const match = matches[index] ?? { id: '', seq: 0 }
      match.seq += 1
      putMatch.run(match.id, match.seq, snapshot)
      addLine.run(match.id, match.seq, line)
    }
    database.exec('COMMIT')
    written += writes.length
    for (const { resolve } of writes) resolve(null)
  }

  const act = (index: number): Promise<null> =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(writeAll)
      waiting.push({ index, resolve })
    })
  return { act, close: async () => database.close(), told: () => written }
}
