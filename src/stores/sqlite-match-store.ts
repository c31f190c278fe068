import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { MatchStore } from '../match/match-store.ts'
import type { Clock, Log } from '../ports.ts'
import { openBatch } from './sqlite-batch.ts'
import { openBeats } from './sqlite-beats.ts'
import { isLocked, StoreLockedError, StoreUnavailableError } from './sqlite-errors.ts'
import { openLoader } from './sqlite-load.ts'
import { takeLock } from './sqlite-lock.ts'
import { openMatchTables, stepOf } from './sqlite-matches.ts'
import { openDatabase } from './sqlite-open.ts'
import { openResultTables } from './sqlite-results.ts'
import { openTurns, type Turns } from './sqlite-turns.ts'

interface SqliteOptions {
  /** Made when missing, for this user alone. One process at a time works in it. */
  directory: string
  log: Log
  /** Dates what is set aside. */
  clock?: Pick<Clock, 'now'>
  /** How many pages of 4 KB the database may have; for tests of a full disk. */
  maxPages?: number
}

/**
 * Keeps matches in `muster.db`, through restarts, crashes and `kill -9`; a power cut may take the last moments, but no
 * commit that carried a result. Damage is told in the log and by `load()`, and what is whole goes on.
 *
 * Rejects with a `StoreLockedError` when another process works in the directory, and with a `StoreUnavailableError` when
 * it cannot be read or written at all. So does, later, every call that cannot be answered.
 */
export async function openSqliteMatchStore({ directory, ...options }: SqliteOptions): Promise<MatchStore> {
  makeDirectory(directory)
  const unlock = takeLock(directory)
  try {
    const files = { path: join(directory, 'muster.db'), turns: join(directory, 'muster.turns') }
    const database = openDatabase(files, options.log)
    if (options.maxPages) database.exec(`PRAGMA max_page_count = ${options.maxPages}`)
    return storeOn(database, { ...options, turns: openTurns(database, files.turns), unlock })
  } catch (cause) {
    unlock()
    if (isLocked(cause)) throw new StoreLockedError(directory, cause)
    throw cause instanceof StoreUnavailableError
      ? cause
      : new StoreUnavailableError(`${directory} cannot be used`, cause)
  }
}

function storeOn(
  database: DatabaseSync,
  { log, clock, turns, unlock }: Omit<SqliteOptions, 'directory'> & { turns: Turns; unlock(): void },
): MatchStore {
  const batch = openBatch(database, turns)
  const matches = openMatchTables(database)
  const results = openResultTables(database)
  const beats = openBeats(database)
  const loader = openLoader(database)
  let isOpen = true

  // What was asked to be written earlier in this turn is written before anything is read.
  function read<T>(ask: () => T): T {
    batch.flush()
    try {
      return ask()
    } catch (cause) {
      throw new StoreUnavailableError('nothing could be read', cause)
    }
  }

  return {
    async commit(commit) {
      const step = stepOf(commit)
      const { result } = commit
      if (!result) return batch.add(() => matches.write(step))
      const text = JSON.stringify(result)
      return batch.add(() => matches.write(step) && results.record(result, text), { isLasting: true })
    },
    async tail(matchId, seq) {
      const lines = read(() => matches.tail(matchId, seq))
      if (lines !== 'damaged') return lines
      log.error({ match: matchId, since: seq }, 'log of a match was found damaged')
      return null
    },
    remove: (matchId) => batch.add(() => matches.remove(matchId)),
    async load() {
      const found = read(loader.read)
      const damaged = [...found.damaged, ...found.strays].map(({ matchId, why }) => ({ matchId, why }))
      if (damaged.length > 0) {
        await batch
          .add(() => loader.setAside(found, clock?.now() ?? null))
          .catch((err: unknown) => log.error({ err }, 'damaged matches could not be set aside'))
      }
      return { matches: found.matches, damaged }
    },
    history: async (playerId, limit) => read(() => results.history(playerId, limit)),
    beat: (now) => batch.add(() => beats.beat(now)),
    lastBeat: async () => read(beats.lastBeat),
    async close() {
      if (!isOpen) return
      isOpen = false
      batch.flush()
      database.close()
      turns.close()
      unlock()
    },
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StoreUnavailableError(`${directory} cannot be made`, cause)
  }
}
