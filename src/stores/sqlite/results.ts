import type { DatabaseSync } from 'node:sqlite'
import type { Encounters, MatchStore, PlayedMatch } from '../../match/match-store.ts'
import { opponentsOf, ratedPlayers } from '../../match/results/pair-limit.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import { checksumOf, readChecked } from './file/checksum.ts'

// A player's rated results of one mode are among other results; so many rows are read for each one wanted.
const ROWS_PER_RESULT = 5

type Opened = Map<string, PlayedMatch | null>
type Among = Parameters<MatchStore['encounters']>[2]

/** The results of all matches, and who played in them. */
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

  /** Stores a result; an existing one stays as it is. */
  function record({ matchId, players }: PlayedMatch, text: string): void {
    const { changes, lastInsertRowid } = add.run(matchId, text, checksumOf([matchId], text))
    if (changes > 0) for (const { playerId } of players) addPlayer.run(playerId, lastInsertRowid)
  }

  /** A player's last results, newest first, or all of them; damaged ones are left out. */
  function history(player: PlayerId, limit = -1): PlayedMatch[] {
    const results = newest.all(player, limit).flatMap(({ match_id, result, seal }) => {
      const opened = readChecked([String(match_id)], result, seal)
      return opened ? [opened.value as PlayedMatch] : []
    })
    return results.filter(({ players }) => players.some(({ playerId }) => playerId === player))
  }

  /** A player's rated results of a mode, newest first. `opened` caches parsed results. */
  function rated(player: PlayerId, mode: string, { after, before, limit }: Among, opened: Opened): PlayedMatch[] {
    const found: PlayedMatch[] = []
    for (const { match_id, result, seal } of newest.iterate(player, limit * ROWS_PER_RESULT)) {
      const id = String(match_id)
      if (!opened.has(id)) opened.set(id, (readChecked([id], result, seal)?.value as PlayedMatch | undefined) ?? null)
      const played = opened.get(id)
      if (!played) continue
      // Results are stored in the order in which the matches ended.
      if (played.endedAt <= after || found.length >= limit) break
      if (played.mode === mode && played.ratings && played.endedAt < before) found.push(played)
    }
    return found
  }

  function encounters(mode: string, players: readonly PlayerId[], among: Among): Encounters {
    const opened: Opened = new Map()
    const of = (player: PlayerId) => opponentsOf(player, rated(player, mode, among, opened).map(ratedPlayers))
    return new Map(players.map((player) => [player, of(player)]))
  }

  return { has, record, history, encounters }
}
