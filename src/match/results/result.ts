import type { MatchSnapshot, MatchStep } from '../../machines/match/match-step.ts'
import type { Seat } from '../../machines/match/seats.ts'
import type { EpochMs } from '../../ports.ts'
import type { Result, Unrated } from '../../protocol/match-view.ts'
import type { MatchStore, PlayedMatch, RatingChange } from '../match-store.ts'
import { isPairLimitReached } from './pair-limit.ts'
import { rateMatch, shownRating } from './ratings.ts'

/** The match's entry in the history of its players, with the step that decides it; else null. */
export function playedMatch(before: MatchSnapshot, { context }: MatchSnapshot, endedAt: EpochMs): PlayedMatch | null {
  const { result, outcome, matchId, mode, seats } = context
  const players = seats.map(({ playerId, name, seat, team }) => ({ playerId, name, seat, team }))
  const about = { matchId, mode: mode.id, endedAt, players }
  // Stored so that former players can hear how the match ended.
  if (outcome === 'aborted' && before.context.outcome === null) return { ...about, outcome, placements: [] }
  if (!result || before.context.result) return null
  const { placements, scores, disputed, unrated } = result
  return {
    ...about,
    outcome: result.outcome,
    placements,
    ...(scores && { scores }),
    ...(disputed && { disputed }),
    ...(unrated && { unrated }),
  }
}

/** A match as it is opened: unrated when its players have used up their rated results. */
export async function asOpened(
  snapshot: MatchSnapshot,
  store: Pick<MatchStore, 'encounters'>,
  at: EpochMs,
): Promise<MatchSnapshot> {
  const { mode, seats: players } = snapshot.context
  return (await isPairLimitReached({ mode, players, at }, store)) ? asUnrated(snapshot, 'pairLimit') : snapshot
}

/**
 * The same step and entry with the changes of ratings, computed from the ratings on record now. A match that was opened
 * unrated stays unrated; a rated one may turn out to exceed the limit of a pair.
 */
export async function withRatings(
  step: MatchStep,
  played: PlayedMatch,
  store: Pick<MatchStore, 'ratings' | 'encounters'>,
): Promise<{ step: MatchStep; played: PlayedMatch }> {
  const { seats, mode, unrated } = step.snapshot.context
  if (unrated) return { step, played }
  const came = new Set(seats.filter(hasCome).map(({ seat }) => seat))
  const players = played.players.filter(({ seat }) => came.has(seat))
  // Read before the results: a result recorded in between changes a rating, and the store refuses changes computed from
  // old ratings.
  const current = await store.ratings(
    played.mode,
    players.map(({ playerId }) => playerId),
  )
  const changes = rateMatch({ ...played, players }, current)
  if (!changes) return { step, played }
  if (await isPairLimitReached({ mode, players, at: played.endedAt }, store))
    return { step: tellUnrated(step, 'pairLimit'), played: { ...played, unrated: 'pairLimit' } }
  return { step: tellRatings(step, shownBySeat(played, changes)), played: { ...played, ratings: changes } }
}

// A player who never came has neither won nor lost.
function hasCome(seat: Seat): boolean {
  if (seat.status === 'left') return seat.why === 'quit' || seat.why === 'forfeited'
  return seat.status !== 'reserved'
}

/** Changes of ratings as players see them. */
export function shownBySeat(
  { players }: Pick<PlayedMatch, 'players'>,
  changes: readonly RatingChange[],
): NonNullable<Result['ratings']> {
  const change = new Map(changes.map((one) => [one.playerId, one]))
  return players.flatMap(({ playerId, seat }) => {
    const { before, after } = change.get(playerId) ?? {}
    return before && after ? [{ seat, before: shownRating(before), after: shownRating(after) }] : []
  })
}

const asUnrated = (snapshot: MatchSnapshot, unrated: Unrated): MatchSnapshot => ({
  ...snapshot,
  context: { ...snapshot.context, unrated },
})

const tellUnrated = (step: MatchStep, unrated: Unrated): MatchStep => {
  const { snapshot, facts } = tellWithResult(step, { unrated })
  return { snapshot: asUnrated(snapshot, unrated), facts }
}

const tellRatings = (step: MatchStep, ratings: NonNullable<Result['ratings']>) => tellWithResult(step, { ratings })

function tellWithResult({ snapshot, facts }: MatchStep, more: Pick<Result, 'ratings' | 'unrated'>): MatchStep {
  const { context } = snapshot
  const result = context.result && { ...context.result, ...more }
  return {
    snapshot: { ...snapshot, context: { ...context, result } },
    facts: facts.map((fact) => (fact.type === 'result.final' ? { ...fact, ...more } : fact)),
  }
}
