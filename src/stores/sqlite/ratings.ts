import type { DatabaseSync } from 'node:sqlite'
import type { Place, PlayedMatch, Rated, Standing } from '../../match/match-store.ts'
import { PLACEMENT_MATCHES, pointsOf } from '../../match/results/ratings.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { ratingsIn, type StoredRating } from '../stored-ratings.ts'
import { checksumOf, readChecked } from './file/checksum.ts'

type Row = Record<string, unknown>

/** Ratings by mode and player. A damaged rating is rebuilt from the results, which hold each match's changes. */
export function openRatingTable(
  database: DatabaseSync,
  resultsOf: (player: PlayerId) => PlayedMatch[],
  reportDamage: (mode: string, playerId: PlayerId) => void = () => {},
) {
  const replace = database.prepare(
    'INSERT OR REPLACE INTO ratings (player_id, mode, points, rating, seal) VALUES (?, ?, ?, ?, ?)',
  )
  const one = database.prepare('SELECT mode, points, rating, seal FROM ratings WHERE player_id = ? AND mode = ?')
  const modesOf = database.prepare('SELECT mode FROM ratings WHERE player_id = ? ORDER BY mode')
  const best = database.prepare(`
    SELECT player_id, mode, points, rating, seal FROM ratings
    WHERE mode = ? AND points <= ? AND NOT (points = ? AND player_id <= ?)
    ORDER BY points DESC, player_id LIMIT ?
  `)
  for (const read of [one, best]) read.setReadBigInts(true)

  function put(mode: string, playerId: PlayerId, kept: StoredRating): void {
    const points = kept.matches < PLACEMENT_MATCHES ? null : pointsOf(kept)
    const text = JSON.stringify(kept)
    replace.run(playerId, mode, points, text, checksumOf(keyOf(mode, playerId, points), text))
  }

  function find(mode: string, playerId: PlayerId): StoredRating | null {
    const row = one.get(playerId, mode)
    if (!row) return null
    const kept = readRow(playerId, row)
    if (kept) return kept
    reportDamage(mode, playerId)
    return fromResults(playerId).get(mode) ?? null
  }

  /** A player's ratings by mode, rebuilt from the stored results. */
  function fromResults(playerId: PlayerId): Map<string, StoredRating> {
    const kept = new Map<string, StoredRating>()
    for (const { mode, ratings = [], players } of resultsOf(playerId).reverse()) {
      const change = ratings.find((rated) => rated.playerId === playerId)
      const name = players.find((player) => player.playerId === playerId)?.name ?? ''
      if (change) kept.set(mode, { name, ...change.after, matches: (kept.get(mode)?.matches ?? 0) + 1 })
    }
    return kept
  }

  const { inModes, ...ratings } = ratingsIn({ find, put })

  /** Leaves a damaged rating out until it is rebuilt. */
  function leaderboard(mode: string, { after, limit }: { after?: Place; limit: number }): Standing[] {
    const { points, playerId } = after ?? { points: Number.MAX_SAFE_INTEGER, playerId: '' }
    return best.all(mode, points, points, playerId, limit).flatMap((row) => {
      const id = String(row.player_id) as PlayerId
      const kept = readRow(id, row)
      if (kept) return [{ playerId: id, points: Number(row.points), ...kept }]
      reportDamage(mode, id)
      return []
    })
  }

  function ofPlayer(playerId: PlayerId): (Rated & { mode: string })[] {
    const modes = modesOf.all(playerId).map(({ mode }) => String(mode))
    return inModes(modes, playerId)
  }

  /** Rebuilds missing and damaged ratings from the results. */
  function rebuild(players: Iterable<PlayerId>): void {
    for (const playerId of players) {
      for (const [mode, kept] of fromResults(playerId)) {
        const row = one.get(playerId, mode)
        if (!row || !readRow(playerId, row)) put(mode, playerId, kept)
      }
    }
  }

  return { ...ratings, leaderboard, ofPlayer, rebuild }
}

const keyOf = (mode: string, playerId: PlayerId, points: unknown) => ['rating', playerId, mode, String(points)]

const readRow = (playerId: PlayerId, { mode, points, rating, seal }: Row): StoredRating | null =>
  (readChecked(keyOf(String(mode), playerId, points), rating, seal)?.value as StoredRating | undefined) ?? null
