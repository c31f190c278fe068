import type { MatchMode } from '../../machines/match/match-context.ts'
import type { EpochMs } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { Encounters, MatchStore, PlayedMatch } from '../match-store.ts'

/** A player and their team. */
export interface Sided {
  playerId: PlayerId
  team: number
}
interface Meeting {
  mode: Pick<MatchMode, 'id' | 'rated' | 'ratedPerPairPerDay'>
  players: readonly Sided[]
  at: EpochMs
}
const DAY_MS = 86_400_000
// Larger matches are not arranged between friends, and comparing all their pairs would take long.
const MAX_PLAYERS = 32
// The most results read of one player, and of all players of a match.
const MAX_RESULTS_EACH = 300
const MAX_RESULTS = 1_000

/**
 * Whether the rated results of these opponents are used up for 24 hours: at least half of their pairs, or each pair of
 * one of the players, has as many as the mode counts.
 */
export async function isPairLimitReached(
  { mode, players, at }: Meeting,
  store: Pick<MatchStore, 'encounters'>,
): Promise<boolean> {
  const limit = mode.ratedPerPairPerDay
  const pairs = players.length > MAX_PLAYERS ? [] : pairsOf(players)
  if (!mode.rated || limit === 0 || pairs.length === 0) return false
  const encounters = await store.encounters(
    mode.id,
    players.map(({ playerId }) => playerId),
    // Results from a clock that was ahead expire after a day too.
    {
      after: at - DAY_MS,
      before: at + DAY_MS,
      limit: Math.min(MAX_RESULTS_EACH, Math.floor(MAX_RESULTS / players.length)),
    },
  )
  const used = pairs.filter(([a, b]) => timesMet(encounters, a, b) >= limit)
  const isUsedUp = ({ playerId }: Sided) => countOf(used, playerId) === countOf(pairs, playerId)
  return used.length * 2 >= pairs.length || players.some(isUsedUp)
}

type Pair = readonly [PlayerId, PlayerId]

const pairsOf = (players: readonly Sided[]): Pair[] =>
  players.flatMap((one, n) =>
    players
      .slice(n + 1)
      .filter(({ team }) => team !== one.team)
      .map((other): Pair => [one.playerId, other.playerId]),
  )

const countOf = (pairs: readonly Pair[], playerId: PlayerId): number =>
  pairs.filter((pair) => pair.includes(playerId)).length

// Either player may have played so many matches since that only the other one's results reach back far enough.
const timesMet = (encounters: Encounters, a: PlayerId, b: PlayerId): number =>
  Math.max(encounters.get(a)?.get(b) ?? 0, encounters.get(b)?.get(a) ?? 0)

/** The players whose ratings the result changed. */
export function ratedPlayers({ players, ratings = [] }: Pick<PlayedMatch, 'players' | 'ratings'>): Sided[] {
  const rated = new Set(ratings.map(({ playerId }) => playerId))
  return players.filter(({ playerId }) => rated.has(playerId)).map(({ playerId, team }) => ({ playerId, team }))
}

/** How often each of the others was the player's opponent in these matches. */
export function opponentsOf(playerId: PlayerId, matches: readonly (readonly Sided[])[]): Map<PlayerId, number> {
  const times = new Map<PlayerId, number>()
  for (const players of matches) {
    const own = players.find((one) => one.playerId === playerId)
    if (!own) continue
    for (const other of players.filter(({ team }) => team !== own.team))
      times.set(other.playerId, (times.get(other.playerId) ?? 0) + 1)
  }
  return times
}
