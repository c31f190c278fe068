import type { Sandbox } from '../machines/game.ts'
import type { MatchSnapshot, Referee } from '../machines/match-step.ts'
import type { Eyes } from '../machines/match-view.ts'
import type { Mode } from '../modes.ts'
import type { Clock } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { Onlooker } from '../rules.ts'
import type { LaneRules } from './judging.ts'

interface ModeRulesParts {
  modes: ReadonlyMap<string, Mode>
  /** Where rules run, and for which match. */
  sandbox: <T>(run: () => T, on: MatchId) => T
  /** Told which match the rules are at work on, and '' when they are done. */
  working?: ((on: MatchId | '', mode?: string) => void) | undefined
  clock: Clock
}
const UNRULY: LaneRules = { referee: null, properties: { maxCount: 0, maxBytes: 0, visibility: {} } }

export type ModeRules = ReturnType<typeof createModeRules>

/** What the config says of a match's mode today: its rules, and who sees which property. */
export function createModeRules({ modes, sandbox, working, clock }: ModeRulesParts) {
  const sandboxOf =
    (matchId: MatchId, mode: Mode): Sandbox =>
    (run) => {
      working?.(matchId, mode.id)
      try {
        return sandbox(run, matchId)
      } finally {
        working?.('')
      }
    }

  function refereeOf(today: Mode, { mode, matchId }: MatchSnapshot['context']): Referee | null {
    const { rules } = today
    return rules && mode.hasRules ? { rules, sandbox: sandboxOf(matchId, today) } : null
  }

  function rulesOf({ context }: MatchSnapshot): LaneRules {
    const mode = modes.get(context.mode.id)
    if (!mode) return UNRULY
    return { referee: refereeOf(mode, context), properties: mode.properties }
  }

  function eyesOf(snapshot: MatchSnapshot, who: Onlooker): Eyes {
    const { referee, properties } = rulesOf(snapshot)
    return { who, referee, visibilities: properties.visibility, now: clock.now() }
  }

  return { rulesOf, eyesOf, modeOf: (id: string) => modes.get(id) }
}
