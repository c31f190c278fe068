import { ordinal, rate } from 'openskill'
import type { PlayerId } from '../../protocol/ids.ts'
import type { PlayedMatch, Rating, RatingChange } from '../match-store.ts'

/**
 * The model is Plackett–Luce: R. C. Weng and C.-J. Lin, "A Bayesian Approximation Method for Online Ranking", JMLR 12
 * (2011), as openskill has it. Its defaults (mu 25, sigma 25/3, beta 25/6, tau 25/300; https://openskill.me) times 60,
 * so that a newcomer has the 1,500 points that players know from Elo and Glicko.
 */
const SCALE = { mu: 1_500, sigma: 500, beta: 250, tau: 5 }

/** The rating of an unknown player. */
export const NEWCOMER: Readonly<Rating> = { mu: SCALE.mu, sigma: SCALE.sigma }

/**
 * The deviation of a rating from the game's backend. 350 is the deviation of an unrated player in Glicko (M. Glickman,
 * "Parameter estimation in large dynamic paired comparison experiments", 1999), and that of our newcomers after six
 * matches: a wrong rating is corrected, from 500 points to 50 within twenty matches.
 */
export const vouchedFor = (points: number): Rating => ({ mu: points, sigma: 350 })

/** The rated matches in a mode before a player is on its leaderboard. */
export const PLACEMENT_MATCHES = 5

/** A rating as players see it. */
export const shownRating = ({ mu }: Rating): number => Math.round(mu) + 0

/**
 * The order of a leaderboard: openskill's ordinal, mu − 3 sigma, rounded. The player is better than that with a
 * probability of 99.9 %, so luck in a few matches does not lead to the top.
 */
export const pointsOf = (rating: Rating): number => Math.round(ordinal(rating)) + 0

type Decided = Pick<PlayedMatch, 'outcome' | 'disputed' | 'placements' | 'players'>

/**
 * The rating changes of a match. A player without an entry in `current` is a newcomer. Null when the match changes no
 * rating: it was not completed, is disputed, or had fewer than two teams.
 */
export function rateMatch(
  { outcome, disputed, placements, players }: Decided,
  current: ReadonlyMap<PlayerId, Rating>,
): RatingChange[] | null {
  const teams = [...Map.groupBy(players, ({ team }) => team).values()]
  if (outcome !== 'completed' || disputed || teams.length < 2) return null
  const rankOf = new Map(placements.flatMap((seats, rank) => seats.map((seat) => [seat, rank] as const)))
  // Ranks count from 1: openskill 4 takes a rank of 0 for none.
  const rank = teams.map((team) => 1 + Math.min(...team.map(({ seat }) => rankOf.get(seat) ?? placements.length)))
  const before = teams.map((team) => team.map(({ playerId }) => ratingIn(current, playerId)))
  // openskill sees a draw only where ranks are given and equal.
  const after = rate(before, { ...SCALE, rank })
  const changes = teams.flatMap((team, t) =>
    team.map(({ playerId }, n) => ({
      playerId,
      before: before[t]?.[n] ?? NEWCOMER,
      after: after[t]?.[n] ?? NEWCOMER,
    })),
  )
  // Teams of hundreds may exceed the range of a number.
  return changes.every(({ after: { mu, sigma } }) => Number.isFinite(mu) && Number.isFinite(sigma)) ? changes : null
}

function ratingIn(current: ReadonlyMap<PlayerId, Rating>, playerId: PlayerId): Rating {
  const { mu, sigma } = current.get(playerId) ?? NEWCOMER
  return { mu, sigma }
}
