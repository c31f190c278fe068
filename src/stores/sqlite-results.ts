import type { DatabaseSync } from 'node:sqlite'
import type { PlayedMatch } from '../match/match-store.ts'
import type { PlayerId } from '../protocol/ids.ts'
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

  /** A result that is on record already is left as it is; either way it is there afterwards. */
  function record({ matchId, players }: PlayedMatch, text: string): true {
    const { changes, lastInsertRowid } = add.run(matchId, text, sealOf([matchId], text))
    if (changes === 0) return true
    for (const { playerId } of players) addPlayer.run(playerId, lastInsertRowid)
    return true
  }

  /** The last ones recorded, newest first; a damaged one is left out. */
  function history(player: PlayerId, limit: number): PlayedMatch[] {
    const results = newest.all(player, limit).flatMap(({ match_id, result, seal }) => {
      const opened = openSealed([String(match_id)], result, seal)
      return opened ? [opened.value as PlayedMatch] : []
    })
    return results.filter(({ players }) => players.some(({ playerId }) => playerId === player))
  }

  return { record, history }
}
