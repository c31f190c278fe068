import type { KnownPlayer, MatchStore, PlayedMatch } from '../../match/match-store.ts'
import type { Clock, Log } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { knownPlayer } from '../stored-ratings.ts'
import { openBeats } from './heartbeats.ts'
import { openLoader } from './load.ts'
import { openMatchTables, type Step, stepOf } from './matches.ts'
import type { SqliteParts } from './parts.ts'
import type { Subject } from './pending.ts'
import { openRatingTable } from './ratings.ts'
import { openResultTables } from './results.ts'

interface MatchStoreParts extends SqliteParts {
  log: Log
  clock?: Pick<Clock, 'now'>
  close: () => Promise<void>
}

/** Stores matches, results, ratings and heartbeats in the database. */
export function matchStoreOn({ database, batch, read, log, clock, close }: MatchStoreParts): MatchStore {
  const matches = openMatchTables(database)
  const results = openResultTables(database)
  const ratings = openRatingTable(database, results.history, (mode, player) => {
    log.error({ mode, player }, 'rating of a player was found damaged')
    batch.add(() => ratings.rebuild([player])).catch(() => {})
  })
  const beats = openBeats(database)
  const loader = openLoader(database)

  function decide(step: Step, result: PlayedMatch, text: string): boolean | 'outdated' {
    const isNew = !results.has(result.matchId)
    if (isNew && !ratings.areCurrent(result)) return 'outdated'
    if (!matches.write(step)) return false
    if (isNew) {
      // Before the result: a damaged rating is rebuilt from the earlier results.
      ratings.record(result)
      results.record(result, text)
    }
    return true
  }

  function known(playerId: PlayerId): KnownPlayer | null {
    const [last] = results.history(playerId, 1)
    return knownPlayer(playerId, last, ratings.ofPlayer(playerId))
  }

  return {
    async commit(commit) {
      const step = stepOf(commit)
      const { result } = commit
      if (!result) return batch.add(() => matches.write(step), { touches: [`match ${step.matchId}`] })
      const text = JSON.stringify(result)
      return batch.add(() => decide(step, result, text), { touches: touchedBy(result), isLasting: true })
    },
    async tail(matchId, seq) {
      const lines = await read([`match ${matchId}`], () => matches.tail(matchId, seq))
      if (lines !== 'damaged') return lines
      log.error({ match: matchId, since: seq }, 'log of a match was found damaged')
      return null
    },
    remove: (matchId) => batch.add(() => matches.remove(matchId), { touches: [`match ${matchId}`] }),
    async load() {
      const found = await read('everything', loader.read)
      const damaged = [...found.damaged, ...found.strays].map(({ matchId, why }) => ({ matchId, why }))
      if (damaged.length > 0) {
        await batch
          .add(() => loader.setAside(found, clock?.now() ?? null))
          .catch((err: unknown) => log.error({ err }, 'damaged matches could not be set aside'))
      }
      return { matches: found.matches, damaged }
    },
    history: (playerId, limit) => read([ofPlayer(playerId)], () => results.history(playerId, limit)),
    ratings: (mode, playerIds) => read(playerIds.map(ofPlayer), () => ratings.of(mode, playerIds)),
    encounters: (mode, playerIds, among) =>
      read(playerIds.map(ofPlayer), () => results.encounters(mode, playerIds, among)),
    // A seed alone does not change a leaderboard.
    seedRating: (mode, playerId, rating) =>
      batch.add(() => ratings.seed(mode, playerId, rating), { touches: [ofPlayer(playerId)] }),
    leaderboard: (mode, page) => read([`standings ${mode}`], () => ratings.leaderboard(mode, page)),
    player: (playerId) => read([ofPlayer(playerId)], () => known(playerId)),
    beat: (now, uptime = null) => batch.add(() => beats.beat(now, uptime), { touches: ['beat'] }),
    lastBeat: () => read(['beat'], beats.lastBeat),
    lastUptime: () => read(['beat'], beats.lastUptime),
    close,
  }
}

const ofPlayer = (playerId: PlayerId): Subject => `player ${playerId}`

const touchedBy = ({ matchId, mode, players, ratings = [] }: PlayedMatch): Subject[] => [
  `match ${matchId}`,
  ...players.map(({ playerId }) => ofPlayer(playerId)),
  ...ratings.map(({ playerId }) => ofPlayer(playerId)),
  ...(ratings.length > 0 ? [`standings ${mode}` as const] : []),
]
