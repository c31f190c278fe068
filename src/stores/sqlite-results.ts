import type { DatabaseSync } from 'node:sqlite'
import type { PlayedMatch } from '../match/match-store.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import { openSealed, sealOf } from './sqlite-seal.ts'

/** How matches ended, for good, and who played in them. */
export function openResultTables(database: DatabaseSync) {
  const add = database.prepare('INSERT OR IGNORE INTO results (match_id, result, seal) VALUES (?, ?, ?)')
  const addPlayer = database.prepare('INSERT OR IGNORE INTO played (player_id, result_id) VALUES (?, ?)')
  const newest = database.prepare(`
    SELECT match_id, result, seal FROM played JOIN results ON results.id = played.result_id
    WHERE player_id = ? ORDER BY played.result_id DESC LIMIT ?
  `)
  newest.setReadBigInts(true)
  const find = database.prepare('SELECT 1 FROM results WHERE match_id = ?')

  const has = (matchId: MatchId): boolean => find.get(matchId) !== undefined

  /** A result that is on record already is left as it is. */
  function record({ matchId, players }: PlayedMatch, text: string): void {
    const { changes, lastInsertRowid } = add.run(matchId, text, sealOf([matchId], text))
    if (changes > 0) for (const { playerId } of players) addPlayer.run(playerId, lastInsertRowid)
  }

  /** The last ones recorded, newest first, or all of them; a damaged one is left out. */
  function history(player: PlayerId, limit = -1): PlayedMatch[] {
    const results = newest.all(player, limit).flatMap(({ match_id, result, seal }) => {
      const opened = openSealed([String(match_id)], result, seal)
      return opened ? [opened.value as PlayedMatch] : []
    })
    return results.filter(({ players }) => players.some(({ playerId }) => playerId === player))
  }

  return { has, record, history }
}
