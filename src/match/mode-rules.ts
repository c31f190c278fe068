import type { Mode } from '../config/modes.ts'
import type { Viewer } from '../config/rules.ts'
import type { Sandbox } from '../machines/match/game.ts'
import type { MatchSnapshot, Referee } from '../machines/match/match-step.ts'
import type { Eyes } from '../machines/match/match-view.ts'
import type { Clock } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { CommandRules } from './commands/checks.ts'

interface ModeRulesParts {
  modes: ReadonlyMap<string, Mode>
  /** Runs rules for a match. */
  sandbox: <T>(run: () => T, on: MatchId) => T
  /** The same for steps that may wait for a turn of the loop; without it, they run at once. */
  sharedSandbox?: (<T>(run: () => T, on: MatchId) => Promise<T>) | undefined
  /** Called with the id of the match whose rules are about to run, and with '' when they are done. */
  working?: ((on: MatchId | '', mode?: string) => void) | undefined
  clock: Clock
}
const NO_RULES: CommandRules = { referee: null, properties: { maxCount: 0, maxBytes: 0, visibility: {} } }

export type ModeRules = ReturnType<typeof createModeRules>

/** A mode's settings in the current config: its rules, and the visibility of properties. */
export function createModeRules({ modes, sandbox, sharedSandbox, working, clock }: ModeRulesParts) {
  const noted =
    <T>(matchId: MatchId, mode: string, run: () => T) =>
    (): T => {
      working?.(matchId, mode)
      try {
        return run()
      } finally {
        working?.('')
      }
    }

  const sandboxOf =
    (matchId: MatchId, mode: Mode): Sandbox =>
    (run) =>
      sandbox(noted(matchId, mode.id, run), matchId)

  /** Runs a step with rules in its turn, together with other waiting steps. */
  function inTurn<T>({ context: { matchId, mode } }: MatchSnapshot, run: () => T): T | Promise<T> {
    return (sharedSandbox ?? sandbox)(noted(matchId, mode.id, run), matchId)
  }

  function refereeOf(today: Mode, { mode, matchId }: MatchSnapshot['context']): Referee | null {
    const { rules } = today
    return rules && mode.hasRules ? { rules, sandbox: sandboxOf(matchId, today) } : null
  }

  function rulesOf({ context }: MatchSnapshot): CommandRules {
    const mode = modes.get(context.mode.id)
    if (!mode) return NO_RULES
    return { referee: refereeOf(mode, context), properties: mode.properties }
  }

  function eyesOf(snapshot: MatchSnapshot, who: Viewer): Eyes {
    const { referee, properties } = rulesOf(snapshot)
    return { who, referee, visibilities: properties.visibility, now: clock.now() }
  }

  return { rulesOf, eyesOf, inTurn, modeOf: (id: string) => modes.get(id) }
}
