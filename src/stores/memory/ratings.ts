import type { Place, Standing } from '../../match/match-store.ts'
import { PLACEMENT_MATCHES, pointsOf } from '../../match/results/ratings.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { ratingsIn, type StoredRating } from '../stored-ratings.ts'
import { createStandings } from './standings.ts'

interface OfMode {
  players: Map<PlayerId, StoredRating>
  standings: ReturnType<typeof createStandings>
}
// Most guests never return; players whose last match is the oldest are deleted first.
const MAX_PLAYERS = 10_000

/** Ratings by mode and player, in memory. */
export function createMemoryRatings() {
  const modes = new Map<string, OfMode>()

  function ofMode(mode: string): OfMode {
    const known = modes.get(mode) ?? { players: new Map(), standings: createStandings() }
    modes.set(mode, known)
    return known
  }

  function put(mode: string, playerId: PlayerId, rating: StoredRating): void {
    const { players, standings } = ofMode(mode)
    remove(mode, playerId)
    players.set(playerId, rating)
    if (rating.matches >= PLACEMENT_MATCHES) standings.add({ playerId, points: pointsOf(rating) })
    for (const oldest of players.keys()) {
      if (players.size <= MAX_PLAYERS) break
      remove(mode, oldest)
    }
  }

  function remove(mode: string, playerId: PlayerId): void {
    const { players, standings } = ofMode(mode)
    const rating = players.get(playerId)
    if (rating) standings.drop({ playerId, points: pointsOf(rating) })
    players.delete(playerId)
  }

  const find = (mode: string, playerId: PlayerId): StoredRating | null => modes.get(mode)?.players.get(playerId) ?? null

  function leaderboard(mode: string, { after, limit }: { after?: Place; limit: number }): Standing[] {
    const { players, standings } = modes.get(mode) ?? {}
    return (standings?.page(after, limit) ?? []).flatMap((place) => {
      const rating = players?.get(place.playerId)
      return rating ? [{ ...place, ...rating }] : []
    })
  }

  const { inModes, ...ratings } = ratingsIn({ find, put })
  return { ...ratings, leaderboard, ofPlayer: (playerId: PlayerId) => inModes([...modes.keys()], playerId) }
}
