import { initialTransition, transition } from 'xstate'
import type { MatchFact, MatchState, MatchView } from '../protocol/match-view.ts'
import { type MatchHappening, matchMachine } from './match.machine.ts'
import type { MatchContext, MatchInput } from './match-context.ts'

/** A match at rest: plain JSON, all that is needed to go on. `schema` counts the forms it has had. */
export interface MatchSnapshot {
  schema: 1
  state: MatchState
  context: MatchContext
}
export interface MatchStep {
  snapshot: MatchSnapshot
  /** What became true with this step, in order. */
  facts: MatchFact[]
}

export const openMatch = (input: MatchInput): MatchStep => stepOf(initialTransition(matchMachine, input))

/** What the match becomes when this happens to it. Changes nothing; throws only when the machine itself is at fault. */
export function stepMatch(snapshot: MatchSnapshot, happening: MatchHappening): MatchStep {
  const { state, context } = snapshot
  if (state === 'closed') return { snapshot, facts: [] }
  return stepOf(transition(matchMachine, matchMachine.resolveState({ value: state, context }), happening))
}

export function viewOf({ state, context }: MatchSnapshot): MatchView {
  return {
    matchId: context.matchId,
    mode: context.mode.id,
    state,
    deadline: context.deadline,
    seats: context.seats.map(({ seat, team, playerId, name, status }) => ({ seat, team, playerId, name, status })),
  }
}

function stepOf([{ value, context }, actions]: ReturnType<typeof transition<typeof matchMachine>>): MatchStep {
  return {
    snapshot: { schema: 1, state: value, context },
    facts: actions.flatMap((action) => ((action.type as string) === 'xstate.emit' ? [emittedBy(action)] : [])),
  }
}

// XState's pure transition hands out an `emit` as an action that carries the event.
const emittedBy = (action: { params: unknown }): MatchFact => (action.params as { event: MatchFact }).event
