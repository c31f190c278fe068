import type { Place, PlayedMatch, Rated, Rating, Standing } from '../../match/match-store.ts'
import { PLACEMENT_MATCHES, pointsOf } from '../../match/results/ratings.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { createStandings } from './standings.ts'

interface Kept extends Rated {
  name: string
}
interface OfMode {
  players: Map<PlayerId, Kept>
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

  function put(mode: string, playerId: PlayerId, kept: Kept): void {
    const { players, standings } = ofMode(mode)
    forget(mode, playerId)
    players.set(playerId, kept)
    if (kept.matches >= PLACEMENT_MATCHES) standings.add({ playerId, points: pointsOf(kept) })
    for (const oldest of players.keys()) {
      if (players.size <= MAX_PLAYERS) break
      forget(mode, oldest)
    }
  }

  function forget(mode: string, playerId: PlayerId): void {
    const { players, standings } = ofMode(mode)
    const kept = players.get(playerId)
    if (kept) standings.drop({ playerId, points: pointsOf(kept) })
    players.delete(playerId)
  }

  const find = (mode: string, playerId: PlayerId): Kept | undefined => modes.get(mode)?.players.get(playerId)

  /** Whether everyone's rating is still the one from which the match was judged. */
  const areCurrent = ({ mode, ratings = [] }: PlayedMatch): boolean =>
    ratings.every(({ playerId, before }) => {
      const kept = find(mode, playerId)
      return !kept || (kept.mu === before.mu && kept.sigma === before.sigma)
    })

  function record({ mode, ratings = [], players }: PlayedMatch): void {
    for (const { playerId, after } of ratings) {
      const name = players.find((one) => one.playerId === playerId)?.name ?? ''
      const matches = (find(mode, playerId)?.matches ?? 0) + 1
      put(mode, playerId, { name, ...after, matches })
    }
  }

  function seed(mode: string, playerId: PlayerId, rating: Rating): void {
    if (!find(mode, playerId)) put(mode, playerId, { name: '', ...rating, matches: 0 })
  }

  function of(mode: string, playerIds: readonly PlayerId[]): Map<PlayerId, Rated> {
    const found = playerIds.flatMap((playerId) => {
      const kept = find(mode, playerId)
      return kept ? [[playerId, ratedIn(kept)] as const] : []
    })
    return new Map(found)
  }

  function leaderboard(mode: string, { after, limit }: { after?: Place; limit: number }): Standing[] {
    const { players, standings } = modes.get(mode) ?? {}
    return (standings?.page(after, limit) ?? []).flatMap((place) => {
      const kept = players?.get(place.playerId)
      return kept ? [{ ...place, ...kept }] : []
    })
  }

  const ofPlayer = (playerId: PlayerId): (Rated & { mode: string })[] =>
    [...modes.keys()].flatMap((mode) => {
      const kept = find(mode, playerId)
      return kept ? [{ mode, ...ratedIn(kept) }] : []
    })

  return { areCurrent, record, seed, of, leaderboard, ofPlayer }
}

const ratedIn = ({ mu, sigma, matches }: Kept): Rated => ({ mu, sigma, matches })
