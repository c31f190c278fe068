import { nextDeadline } from '../machines/match/deadlines.ts'
import type { MatchSnapshot } from '../machines/match/match-step.ts'
import { lineSeenBy, viewOf } from '../machines/match/match-view.ts'
import { isTaken } from '../machines/match/seats.ts'
import type { EpochMs } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { MatchEvent, MatchView } from '../protocol/match-view.ts'
import { type Accepted, accept, type Refusal, refuse } from '../protocol/reply.ts'
import type { Ask } from './commands/ask.ts'
import type { MatchStore } from './match-store.ts'
import type { ModeRules } from './mode-rules.ts'
import type { MatchInBrief } from './ports.ts'
import type { MatchRegistry } from './registry.ts'
import type { MatchRuntime } from './runtime/match-runtime.ts'

const LAST_LINES = 50

/** A match as those who run the service may see it: no more of the game than a spectator. */
export interface Inspected {
  match: MatchView
  epoch: number
  seq: number
  /** When the match next changes by itself, whatever its deadline is called; null for never. */
  changesAt: EpochMs | null
  events: MatchEvent[]
}
interface InspectionParts {
  registry: MatchRegistry
  modeRules: ModeRules
  store: MatchStore
  ask: Ask
}

/** The matches as those who run the service see them, and what they may do with one. */
export function createInspection({ registry, modeRules, store, ask }: InspectionParts) {
  // Nothing is said of a match before it is stored.
  const stored = (runtime: MatchRuntime): boolean => runtime.position.seq > 0
  const list = (): MatchInBrief[] =>
    registry
      .all()
      .filter(stored)
      .map(({ snapshot }) => inBrief(snapshot))

  /** Looks at a match and the end of its log; null when it is not here. */
  async function inspect(matchId: MatchId): Promise<Inspected | null> {
    const runtime = registry.get(matchId)
    if (!runtime || !stored(runtime)) return null
    const { snapshot, position } = runtime
    const eyes = modeRules.eyesOf(snapshot, 'spectator')
    const lines = (await store.tail(matchId, Math.max(0, position.seq - LAST_LINES)).catch(() => null)) ?? []
    return {
      match: viewOf(snapshot, eyes),
      ...position,
      changesAt: nextDeadline(snapshot.state, snapshot.context),
      events: lines.filter(({ seq }) => seq <= position.seq).map((line) => lineSeenBy(line, snapshot, eyes)),
    }
  }

  /** Ends a match at an operator's word: before play as cancelled, else as aborted; what was decided stays. */
  async function endByOperator(matchId: MatchId): Promise<Accepted | Refusal> {
    const runtime = registry.get(matchId)
    if (!runtime) return refuse('NOT_FOUND')
    return (await ask(runtime, () => ({ type: 'operator.ended' }))) ?? accept({})
  }

  return { list, inspect, endByOperator }
}

export const inBrief = ({ state, context }: MatchSnapshot): MatchInBrief => ({
  matchId: context.matchId,
  mode: context.mode.id,
  state,
  outcome: context.outcome,
  players: context.seats.filter(isTaken).length,
  spectators: context.spectators.length,
})
