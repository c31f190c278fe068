import type { Mode } from '../config/modes.ts'
import { type GameRules, viewersOf } from '../config/rules.ts'
import type { Game } from '../machines/match/game.ts'
import { type MatchSnapshot, playOf, untimedReferee } from '../machines/match/match-step.ts'
import { upToDate } from '../machines/match/migrations.ts'
import type { MatchRecord } from '../match/match-store.ts'
import type { MatchEvent } from '../protocol/match-view.ts'
import { isSameJson } from '../util/plain-json.ts'
import { seedOf } from '../util/random.ts'

/** What new rules do to a live match. */
export interface Finding {
  matchId: string
  mode: string
  /** `breaks`: the match would end as aborted. `differs`: it goes on, but would have been played in another way. */
  kind: 'breaks' | 'differs'
  why: string
}
type Action = MatchEvent & { type: 'action' }
type Play = ReturnType<typeof playOf>

/**
 * Looks at a live match with the rules of its mode in a new config: shows the stored state to every viewer, and plays the
 * log again. Null when both go well, or when the mode has no rules. `lines` is null when the beginning of the log is gone.
 */
export function findingOf(
  { matchId, snapshot: stored }: MatchRecord,
  lines: readonly MatchEvent[] | null,
  modes: ReadonlyMap<string, Mode>,
): Finding | null {
  const snapshot = upToDate(stored)
  if (!snapshot)
    return { matchId, mode: '', kind: 'breaks', why: 'its record has a form that this version cannot read' }
  const { mode: own, game } = snapshot.context
  const found = (kind: Finding['kind'], why: string): Finding => ({ matchId, mode: own.id, kind, why })
  const mode = modes.get(own.id)
  if (!mode) return found('differs', 'the config has no such mode: the match waits until it is back')
  if (own.hasRules !== (mode.rules !== undefined))
    return found('breaks', own.hasRules ? 'the mode has no rules any more' : 'the mode has rules now')
  if (!mode.rules || !game) return null
  const { rules } = mode
  const play = playOf(snapshot, untimedReferee(rules))
  const fault = faultOf(() => show(snapshot, game, { rules, play }))
  if (fault) return found('breaks', fault)
  if (!lines) return null
  const other = replayed(snapshot, game, lines, play)
  return other && found(other.kind, other.why)
}

/** Asks the rules everything that they are asked about a state at rest. */
function show({ context }: MatchSnapshot, game: Game, { rules, play }: { rules: GameRules; play: Play }): void {
  const seats = context.seats.map(({ seat, team }) => ({ seat, team }))
  play.views(game, viewersOf(seats), 0)
  const ctx = { now: 0, seats, random: () => 0.5 }
  rules.over(structuredClone(game.state), ctx)
  rules.deadline?.(structuredClone(game.state), ctx)
}

function replayed(
  snapshot: MatchSnapshot,
  game: Game,
  lines: readonly MatchEvent[],
  play: Play,
): Pick<Finding, 'kind' | 'why'> | null {
  const begun = lines.find((line) => line.type === 'state.changed' && line.state === 'playing')
  if (!begun) return null
  let current = game
  const fault = faultOf(() => {
    current = play.begin(seedOf(snapshot.context.matchId), begun.at).game
  })
  if (fault) return { kind: 'differs', why: fault }
  for (const line of lines.filter((one): one is Action => one.type === 'action')) {
    const { seat, action, at, seq } = line
    const who = seat === null ? 'the end of a turn' : `${action.type} of seat ${seat}`
    try {
      const step =
        seat === null ? play.timeout(current, nameIn(action.data), at) : play.act(current, { ...action, seat }, at)
      if ('refuse' in step) return { kind: 'differs', why: `line ${seq}: ${who} is refused (${step.refuse})` }
      current = step.game
    } catch (thrown) {
      return { kind: 'breaks', why: `line ${seq}: ${who}: ${(thrown as Error).message}` }
    }
  }
  return isSameJson(game.state, current.state) ? null : { kind: 'differs', why: 'the log leads to another state' }
}

const nameIn = (data: unknown): string =>
  typeof data === 'object' && data !== null && 'name' in data ? String(data.name) : ''

function faultOf(run: () => void): string | null {
  try {
    run()
    return null
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
}
