import type { Mode } from '../../config/modes.ts'
import type { MadeBy } from '../../machines/match/match-context.ts'
import type { OpenedMatch } from '../../machines/match/seat-news.ts'
import type { SeatedPlayer } from '../../machines/match/seats.ts'
import type { Log } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { MatchStore, Place, PlayedMatch, Rated, Rating } from '../match-store.ts'
import { NEWCOMER, PLACEMENT_MATCHES, pointsOf, shownRating, vouchedFor } from './ratings.ts'
import { shownBySeat } from './result.ts'

interface RecordBookParts {
  store: MatchStore
  modes: ReadonlyMap<string, Mode>
  log: Log
}
/** A player of a session; `rating` is the backend's rating of a newcomer. */
interface Known {
  id: PlayerId
  rating?: number
}
type Open = (mode: Mode, players: readonly SeatedPlayer[], by?: MadeBy) => Promise<OpenedMatch | null>

const LAST_MATCHES = 20

/** The ratings and histories of players. */
export function createRecordBook({ store, modes, log }: RecordBookParts) {
  /** The player's rating in a mode, as matchmaking sees it. Rejects when the store cannot be read or written. */
  async function of(mode: Mode, player: Known): Promise<Rating> {
    const first = firstRating(player)
    if (!mode.rated) return first
    const rated = (await store.ratings(mode.id, [player.id])).get(player.id)
    if (!rated && player.rating !== undefined) await store.seedRating(mode.id, player.id, first)
    const { mu, sigma } = rated ?? first
    return { mu, sigma }
  }

  /** Opens matches for players who may not come from the queue, with the backend's ratings. */
  function seeding(open: Open, whoIs: (playerId: PlayerId) => Known | null): Open {
    return (mode, players, by) => {
      for (const { playerId } of mode.rated ? players : []) {
        const { rating } = whoIs(playerId) ?? {}
        if (rating !== undefined) seed(mode, playerId, rating)
      }
      return open(mode, players, by)
    }
  }

  function seed(mode: Mode, playerId: PlayerId, rating: number): void {
    store.seedRating(mode.id, playerId, vouchedFor(rating)).catch((fault: unknown) => {
      log.error({ player: playerId, mode: mode.id, err: fault }, 'rating could not be seeded')
    })
  }

  async function leaderboard(mode: string, page: { after?: Place; limit: number }) {
    const standings = await store.leaderboard(mode, page)
    return standings.map(({ playerId, name, points, matches, ...rating }) => ({
      playerId,
      name,
      rating: shownRating(rating),
      points,
      matches,
    }))
  }

  /** A player's profile, from the session `online` or from the store; null for an unknown player. */
  async function profile(playerId: PlayerId, online: Known | null) {
    const player = await store.player(playerId)
    if (!player && !online) return null
    const first = { ...firstRating(online), matches: 0 }
    const known = new Map(player?.ratings.map((one) => [one.mode, one]))
    const rated = [...modes.values()].filter((mode) => mode.rated)
    // An aborted match does not count as played.
    const played = (await store.history(playerId, LAST_MATCHES * 2)).filter(({ outcome }) => outcome !== 'aborted')
    return {
      name: player?.name ?? null,
      ratings: rated.map(({ id }) => ratingSeen(id, known.get(id) ?? first)),
      matches: played.slice(0, LAST_MATCHES).map(matchSeen),
    }
  }

  return { of, seeding, leaderboard, profile }
}

const firstRating = (player: Known | null): Rating =>
  player?.rating === undefined ? NEWCOMER : vouchedFor(player.rating)

const ratingSeen = (mode: string, rated: Rated) => ({
  mode,
  rating: shownRating(rated),
  points: pointsOf(rated),
  matches: rated.matches,
  placementLeft: Math.max(0, PLACEMENT_MATCHES - rated.matches),
})

const matchSeen = ({ ratings, ...played }: PlayedMatch) => ({
  ...played,
  ...(ratings && { ratings: shownBySeat(played, ratings) }),
})
