import type { KnownPlayer, PlayedMatch, Rated, Rating } from '../match/match-store.ts'
import type { PlayerId } from '../protocol/ids.ts'

/** A rating as it is stored, with the player's name in their last rated match. */
export interface StoredRating extends Rated {
  name: string
}
interface RatingTable {
  find(mode: string, playerId: PlayerId): StoredRating | null
  put(mode: string, playerId: PlayerId, rating: StoredRating): void
}

/** What every store does with ratings, given a table of them. */
export function ratingsIn({ find, put }: RatingTable) {
  /** Whether every player still has the rating that the result was computed from. */
  const areCurrent = ({ mode, ratings = [] }: PlayedMatch): boolean =>
    ratings.every(({ playerId, before }) => {
      const stored = find(mode, playerId)
      return !stored || (stored.mu === before.mu && stored.sigma === before.sigma)
    })

  function record({ mode, ratings = [], players }: PlayedMatch): void {
    for (const { playerId, after } of ratings) {
      const name = players.find((player) => player.playerId === playerId)?.name ?? ''
      put(mode, playerId, { name, ...after, matches: (find(mode, playerId)?.matches ?? 0) + 1 })
    }
  }

  function seed(mode: string, playerId: PlayerId, { mu, sigma }: Rating): void {
    if (!find(mode, playerId)) put(mode, playerId, { name: '', mu, sigma, matches: 0 })
  }

  function of(mode: string, playerIds: readonly PlayerId[]): Map<PlayerId, Rated> {
    const found = playerIds.flatMap((playerId) => {
      const stored = find(mode, playerId)
      return stored ? [[playerId, ratedIn(stored)] as const] : []
    })
    return new Map(found)
  }

  /** A player's ratings in these modes. */
  const inModes = (modes: readonly string[], playerId: PlayerId): (Rated & { mode: string })[] =>
    modes.flatMap((mode) => {
      const stored = find(mode, playerId)
      return stored ? [{ mode, ...ratedIn(stored) }] : []
    })

  return { areCurrent, record, seed, of, inModes }
}

const ratedIn = ({ mu, sigma, matches }: StoredRating): Rated => ({ mu, sigma, matches })

/** A player by their last result and ratings; null when there is neither. */
export function knownPlayer(
  playerId: PlayerId,
  lastResult: PlayedMatch | undefined,
  ratings: KnownPlayer['ratings'],
): KnownPlayer | null {
  if (!lastResult && ratings.length === 0) return null
  return { name: lastResult?.players.find((player) => player.playerId === playerId)?.name ?? null, ratings }
}
