import type { MatchStore } from '../match/match-store.ts'
import type { Clock, Log } from '../ports.ts'
import { openBeats } from './sqlite-beats.ts'
import { openLoader } from './sqlite-load.ts'
import { openMatchTables, stepOf } from './sqlite-matches.ts'
import { openResultTables } from './sqlite-results.ts'
import type { SqliteParts } from './sqlite-stores.ts'

interface MatchStoreParts extends SqliteParts {
  log: Log
  clock?: Pick<Clock, 'now'>
  close: () => void
}

/** Keeps matches, how they ended, and the last sign of life in the database. */
export function matchStoreOn({ database, batch, read, log, clock, close }: MatchStoreParts): MatchStore {
  const matches = openMatchTables(database)
  const results = openResultTables(database)
  const beats = openBeats(database)
  const loader = openLoader(database)

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
    close: async () => close(),
  }
}
