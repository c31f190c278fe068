import type { Place, PlayedMatch, Rated, Standing } from '../match/match-store.ts'
import { PLACEMENT_MATCHES, pointsOf, type Rating } from '../match/ratings.ts'
import type { PlayerId } from '../protocol/ids.ts'

interface Kept extends Rated {
  name: string
}
// Guests come and go; those who have not played for longest are forgotten first.
const MAX_PLAYERS = 10_000

/** Ratings of players by mode, for as long as the process lives. */
export function createMemoryRatings() {
  const modes = new Map<string, Map<PlayerId, Kept>>()

  function put(mode: string, playerId: PlayerId, kept: Kept): void {
    const players = modes.get(mode) ?? new Map<PlayerId, Kept>()
    modes.set(mode, players)
    players.delete(playerId)
    players.set(playerId, kept)
    for (const oldest of players.keys()) if (players.size > MAX_PLAYERS) players.delete(oldest)
  }

  /** Whether everyone's rating is still the one from which the match was judged. */
  const areCurrent = ({ mode, ratings = [] }: PlayedMatch): boolean =>
    ratings.every(({ playerId, before }) => {
      const kept = modes.get(mode)?.get(playerId)
      return !kept || (kept.mu === before.mu && kept.sigma === before.sigma)
    })

  function record({ mode, ratings = [], players }: PlayedMatch): void {
    for (const { playerId, after } of ratings) {
      const name = players.find((one) => one.playerId === playerId)?.name ?? ''
      const matches = (modes.get(mode)?.get(playerId)?.matches ?? 0) + 1
      put(mode, playerId, { name, ...after, matches })
    }
  }

  function seed(mode: string, playerId: PlayerId, rating: Rating): void {
    if (!modes.get(mode)?.has(playerId)) put(mode, playerId, { name: '', ...rating, matches: 0 })
  }

  function of(mode: string, playerIds: readonly PlayerId[]): Map<PlayerId, Rated> {
    const found = playerIds.flatMap((playerId) => {
      const kept = modes.get(mode)?.get(playerId)
      return kept ? [[playerId, ratedIn(kept)] as const] : []
    })
    return new Map(found)
  }

  function leaderboard(mode: string, { after, limit }: { after?: Place; limit: number }): Standing[] {
    const standings = [...(modes.get(mode) ?? [])]
      .filter(([, { matches }]) => matches >= PLACEMENT_MATCHES)
      .map(([playerId, kept]) => ({ playerId, points: pointsOf(kept), ...kept }))
      .sort(inOrder)
    return standings.filter((one) => !after || inOrder(after, one) < 0).slice(0, limit)
  }

  const ofPlayer = (playerId: PlayerId): (Rated & { mode: string })[] =>
    [...modes].flatMap(([mode, players]) => {
      const kept = players.get(playerId)
      return kept ? [{ mode, ...ratedIn(kept) }] : []
    })

  return { areCurrent, record, seed, of, leaderboard, ofPlayer }
}

const ratedIn = ({ mu, sigma, matches }: Kept): Rated => ({ mu, sigma, matches })

function inOrder(a: Place, b: Place): number {
  if (a.points !== b.points) return b.points - a.points
  if (a.playerId === b.playerId) return 0
  return a.playerId < b.playerId ? -1 : 1
}
