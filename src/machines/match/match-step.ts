import { type ActorLogic, initialTransition, type SnapshotFrom, transition } from 'xstate'
import type { GameRules } from '../../config/rules.ts'
import type { MatchFact, MatchState } from '../../protocol/match-view.ts'
import { seedOf } from '../../util/random.ts'
import { shownDeadline } from './deadlines.ts'
import { gameAt, type Sandbox } from './game.ts'
import type { EventOf, MachineEvent } from './machine-events.ts'
import { matchMachine } from './match.machine.ts'
import type { MatchContext, MatchInput } from './match-context.ts'

/** A match at rest: plain JSON, all that is needed to go on. `schema` counts the forms it has had. */
export interface MatchSnapshot {
  schema: 6
  state: MatchState
  context: MatchContext
}
export interface MatchStep {
  snapshot: MatchSnapshot
  /** The facts of this step, in order. */
  facts: MatchFact[]
}
/** The rules of a match's mode and where they run. */
export interface Referee {
  rules: GameRules
  sandbox: Sandbox
}

/** A referee without a time limit, for rules that run outside of the service. */
export const untimedReferee = (rules: GameRules): Referee => ({ rules, sandbox: (run) => run() })

type MachineSnapshot = SnapshotFrom<typeof matchMachine>
const nowhere = { status: 'active' } as MachineSnapshot

// XState's pure functions first make an actor in its initial state. Our machine needs input for that and throws; XState
// catches it, which takes several times as long as the step itself.
const pureMachine: ActorLogic<MachineSnapshot, MachineEvent, MatchInput | undefined> = {
  transition: (snapshot, event, scope) => matchMachine.transition(snapshot, event, scope as never),
  getInitialSnapshot: (scope, input) => (input ? matchMachine.getInitialSnapshot(scope as never, input) : nowhere),
  getPersistedSnapshot: (snapshot) => snapshot,
}

export const openMatch = (input: MatchInput): MatchStep => stepOf(initialTransition(pureMachine, input))

/**
 * The match after an event. Does not change its input; throws only for a fault of the machine or the rules. What the
 * rules do in between belongs to the same step.
 */
export function stepMatch(snapshot: MatchSnapshot, event: MachineEvent, referee: Referee | null = null): MatchStep {
  if (snapshot.state === 'closed') return { snapshot, facts: [] }
  const ranOut = referee && turnThatRanOut(snapshot, event, referee)
  const first = ranOut ? followedBy(moved(snapshot, ranOut), event) : moved(snapshot, event)
  const step = event.type === 'service.restored' || event.type === 'service.stalled' ? withState(first) : first
  return referee && needsGame(step.snapshot)
    ? withTurn(followedBy(step, gameBegun(step.snapshot, event.at, referee)))
    : step
}

/** The game of a match as its rules see it; null in modes without rules and before play. */
export function playOf({ context }: MatchSnapshot, { rules, sandbox }: Referee) {
  return gameAt({ rules, sandbox, seats: context.seats.map(({ seat, team }) => ({ seat, team })) })
}

const moved = ({ state, context }: MatchSnapshot, event: MachineEvent): MatchStep =>
  stepOf(transition(pureMachine, matchMachine.resolveState({ value: state, context }), event))

function followedBy({ snapshot, facts }: MatchStep, event: MachineEvent): MatchStep {
  if (snapshot.state === 'closed') return { snapshot, facts }
  const next = moved(snapshot, event)
  return { snapshot: next.snapshot, facts: [...facts, ...next.facts] }
}

const needsGame = ({ state, context }: MatchSnapshot): boolean => state === 'playing' && context.game === null

const gameBegun = (snapshot: MatchSnapshot, at: number, referee: Referee): EventOf<'game.begun'> => ({
  type: 'game.begun',
  step: playOf(snapshot, referee).begin(seedOf(snapshot.context.matchId), at),
  at,
})

function turnThatRanOut(
  snapshot: MatchSnapshot,
  { type, at }: MachineEvent,
  referee: Referee,
): EventOf<'action.taken'> | null {
  const { state, context } = snapshot
  const due = context.game?.deadline
  if (type !== 'deadline.passed' || state !== 'playing' || !context.game || !due || due.at > at) return null
  const step = playOf(snapshot, referee).timeout(context.game, due.name, at)
  return { type: 'action.taken', seat: null, action: { type: 'timeout', data: { name: due.name } }, step, at }
}

// Play begins before the game: adds the end of the first turn to the fact that play began.
function withTurn({ snapshot, facts }: MatchStep): MatchStep {
  const deadline = snapshot.context.game?.deadline
  if (!deadline) return { snapshot, facts }
  const isBeginning = (fact: MatchFact) => fact.type === 'state.changed' && fact.state === 'playing'
  return { snapshot, facts: facts.map((fact) => (isBeginning(fact) ? { ...fact, deadline } : fact)) }
}

// Clocks were moved: returning players learn the new deadlines from the log.
function withState({ snapshot, facts }: MatchStep): MatchStep {
  const deadline = shownDeadline(snapshot.state, snapshot.context)
  const fact: MatchFact = { type: 'state.changed', state: snapshot.state, ...(deadline && { deadline }) }
  return { snapshot, facts: [...facts, fact] }
}

function stepOf([{ value, context }, actions]: ReturnType<typeof transition<typeof matchMachine>>): MatchStep {
  return {
    // `opening` is only passed through.
    snapshot: { schema: 6, state: value as MatchState, context },
    facts: actions.flatMap((action) => ((action.type as string) === 'xstate.emit' ? [emittedBy(action)] : [])),
  }
}

// XState's pure transition hands out an `emit` as an action that carries the event.
const emittedBy = (action: { params: unknown }): MatchFact => (action.params as { event: MatchFact }).event
