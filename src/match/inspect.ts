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

/** A match for operators; its game is as a spectator sees it. */
export interface Inspected {
  match: MatchView
  epoch: number
  seq: number
  /** When the next deadline of the match passes; null for never. */
  changesAt: EpochMs | null
  events: MatchEvent[]
}
interface InspectionParts {
  registry: MatchRegistry
  modeRules: ModeRules
  store: MatchStore
  ask: Ask
}

/** What operators may see of the matches, and do with one. */
export function createInspection({ registry, modeRules, store, ask }: InspectionParts) {
  // A match is listed once it is stored.
  const stored = (runtime: MatchRuntime): boolean => runtime.position.seq > 0
  const list = (): MatchInBrief[] =>
    registry
      .all()
      .filter(stored)
      .map(({ snapshot }) => inBrief(snapshot))

  /** The match and the end of its log; null when it is not on this node. */
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

  /** Ends a match for an operator: `cancelled` before play, then `aborted`. A decided result stays. */
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
