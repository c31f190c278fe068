import type { DatabaseSync } from 'node:sqlite'
import type { Place, PlayedMatch, Rated, Rating, Standing } from '../../match/match-store.ts'
import { PLACEMENT_MATCHES, pointsOf } from '../../match/results/ratings.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { openSealed, sealOf } from './file/checksum.ts'

interface Kept extends Rated {
  name: string
}
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
  const all = database.prepare('SELECT mode, points, rating, seal FROM ratings WHERE player_id = ? ORDER BY mode')
  const best = database.prepare(`
    SELECT player_id, mode, points, rating, seal FROM ratings
    WHERE mode = ? AND points <= ? AND NOT (points = ? AND player_id <= ?)
    ORDER BY points DESC, player_id LIMIT ?
  `)
  for (const read of [one, all, best]) read.setReadBigInts(true)

  function put(mode: string, playerId: PlayerId, kept: Kept): void {
    const points = kept.matches < PLACEMENT_MATCHES ? null : pointsOf(kept)
    const text = JSON.stringify(kept)
    replace.run(playerId, mode, points, text, sealOf(keyOf(mode, playerId, points), text))
  }

  function read(mode: string, playerId: PlayerId): Kept | null {
    const row = one.get(playerId, mode)
    if (!row) return null
    const kept = opened(playerId, row)
    if (kept) return kept
    reportDamage(mode, playerId)
    return fromResults(playerId).get(mode) ?? null
  }

  /** A player's ratings by mode, rebuilt from the stored results. */
  function fromResults(playerId: PlayerId): Map<string, Kept> {
    const kept = new Map<string, Kept>()
    for (const { mode, ratings = [], players } of resultsOf(playerId).reverse()) {
      const change = ratings.find((rated) => rated.playerId === playerId)
      const name = players.find((player) => player.playerId === playerId)?.name ?? ''
      if (change) kept.set(mode, { name, ...change.after, matches: (kept.get(mode)?.matches ?? 0) + 1 })
    }
    return kept
  }

  /** Whether everyone's rating is still the one from which the match was judged. */
  const areCurrent = ({ mode, ratings = [] }: PlayedMatch): boolean =>
    ratings.every(({ playerId, before }) => {
      const kept = read(mode, playerId)
      return !kept || (kept.mu === before.mu && kept.sigma === before.sigma)
    })

  function record({ mode, ratings = [], players }: PlayedMatch): void {
    for (const { playerId, after } of ratings) {
      const name = players.find((player) => player.playerId === playerId)?.name ?? ''
      put(mode, playerId, { name, ...after, matches: (read(mode, playerId)?.matches ?? 0) + 1 })
    }
  }

  function seed(mode: string, playerId: PlayerId, { mu, sigma }: Rating): void {
    if (!read(mode, playerId)) put(mode, playerId, { name: '', mu, sigma, matches: 0 })
  }

  function of(mode: string, playerIds: readonly PlayerId[]): Map<PlayerId, Rated> {
    const found = playerIds.flatMap((playerId) => {
      const kept = read(mode, playerId)
      return kept ? [[playerId, ratedIn(kept)] as const] : []
    })
    return new Map(found)
  }

  /** Leaves a damaged rating out until it is rebuilt. */
  function leaderboard(mode: string, { after, limit }: { after?: Place; limit: number }): Standing[] {
    const { points, playerId } = after ?? { points: Number.MAX_SAFE_INTEGER, playerId: '' }
    return best.all(mode, points, points, playerId, limit).flatMap((row) => {
      const id = String(row.player_id) as PlayerId
      const kept = opened(id, row)
      if (kept) return [{ playerId: id, points: Number(row.points), ...kept }]
      reportDamage(mode, id)
      return []
    })
  }

  function ofPlayer(playerId: PlayerId): (Rated & { mode: string })[] {
    return all.all(playerId).flatMap((row) => {
      const mode = String(row.mode)
      const kept = read(mode, playerId)
      return kept ? [{ mode, ...ratedIn(kept) }] : []
    })
  }

  /** Rebuilds missing and damaged ratings from the results. */
  function mend(players: Iterable<PlayerId>): void {
    for (const playerId of players) {
      for (const [mode, kept] of fromResults(playerId)) {
        const row = one.get(playerId, mode)
        if (!row || !opened(playerId, row)) put(mode, playerId, kept)
      }
    }
  }

  return { areCurrent, record, seed, of, leaderboard, ofPlayer, mend }
}

const keyOf = (mode: string, playerId: PlayerId, points: unknown) => ['rating', playerId, mode, String(points)]

const opened = (playerId: PlayerId, { mode, points, rating, seal }: Row): Kept | null =>
  (openSealed(keyOf(String(mode), playerId, points), rating, seal)?.value as Kept | undefined) ?? null

const ratedIn = ({ mu, sigma, matches }: Kept): Rated => ({ mu, sigma, matches })
