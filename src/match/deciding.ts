import type { MatchSnapshot, MatchStep } from '../machines/match-step.ts'
import type { EpochMs } from '../ports.ts'
import type { Result } from '../protocol/match-view.ts'
import type { MatchStore, PlayedMatch } from './match-store.ts'
import { type RatingChange, rateMatch, shownRating } from './ratings.ts'
import type { Seat } from './seats.ts'

/** The match's entry in its players' history, with the step that decides it; null with any other. */
export function playedMatch(before: MatchSnapshot, { context }: MatchSnapshot, endedAt: EpochMs): PlayedMatch | null {
  const { result, outcome, matchId, mode, seats } = context
  const players = seats.map(({ playerId, name, seat, team }) => ({ playerId, name, seat, team }))
  const about = { matchId, mode: mode.id, endedAt, players }
  // Kept so that those who had a seat can be told what became of it.
  if (outcome === 'aborted' && before.context.outcome === null) return { ...about, outcome, placements: [] }
  if (!result || before.context.result) return null
  const { placements, scores, disputed } = result
  return {
    ...about,
    outcome: result.outcome,
    placements,
    ...(scores && { scores }),
    ...(disputed && { disputed }),
  }
}

/** The same step and entry with what the match does to the ratings of those who played, as they are on record now. */
export async function withRatings(
  step: MatchStep,
  played: PlayedMatch,
  store: Pick<MatchStore, 'ratings'>,
): Promise<{ step: MatchStep; played: PlayedMatch }> {
  const { seats } = step.snapshot.context
  const came = new Set(seats.filter(hasCome).map(({ seat }) => seat))
  const players = played.players.filter(({ seat }) => came.has(seat))
  const current = await store.ratings(
    played.mode,
    players.map(({ playerId }) => playerId),
  )
  const changes = rateMatch({ ...played, players }, current)
  if (!changes) return { step, played }
  return { step: tellRatings(step, shownBySeat(played, changes)), played: { ...played, ratings: changes } }
}

// Who never came has neither won nor lost.
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

function tellRatings({ snapshot, facts }: MatchStep, ratings: NonNullable<Result['ratings']>): MatchStep {
  const { context } = snapshot
  const result = context.result && { ...context.result, ratings }
  return {
    snapshot: { ...snapshot, context: { ...context, result } },
    facts: facts.map((fact) => (fact.type === 'result.final' ? { ...fact, ratings } : fact)),
  }
}
