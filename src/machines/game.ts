import type { EpochMs } from '../ports.ts'
import { isJson } from '../protocol/json.ts'
import type { Action, Deadline } from '../protocol/match-view.ts'
import type { GameRules, Onlooker, RulesRefusal, Standing } from '../rules.ts'
import { dice } from './random.ts'

/** A game as the snapshot holds it. */
export interface Game {
  state: unknown
  /** The dice after all throws so far. */
  dice: number
  deadline: Deadline | null
}
/** A game after a step, and the result if that ended it. */
export interface GameStep {
  game: Game
  over: Standing | null
}
// Rules whose turns take no time at all would keep the match busy with nothing else.
const SHORTEST_TURN_MS = 10

/** The rules are at fault: they threw, ran too long, or made something that is not JSON. */
export class RulesFault extends Error {}

/** Runs rules for a while and no longer; throws when they take too long. */
export type Sandbox = <T>(run: () => T) => T
interface Table {
  rules: GameRules
  seats: readonly { seat: number; team: number }[]
  sandbox: Sandbox
}

/** One game at one table: the rules with everything they may not get wrong checked. */
export function gameAt({ rules, seats, sandbox }: Table) {
  /** Runs a step of the rules, and looks at what it made. */
  function step(seed: number, now: EpochMs, make: (ctx: Parameters<GameRules['setup']>[0]) => unknown): GameStep {
    return guarded(() => {
      const thrown = dice(seed)
      const ctx = { now, seats, random: () => thrown.next() }
      const state = asJson(make(ctx))
      const over = rules.over(state, ctx)
      const due = over ? null : (rules.deadline?.(state, ctx) ?? null)
      if (due && !Number.isFinite(due.inMs)) throw new TypeError('a turn without an end')
      const deadline = due && { name: String(due.name), at: now + Math.max(SHORTEST_TURN_MS, Math.round(due.inMs)) }
      return { game: { state, dice: thrown.state, deadline }, over: over && standingOf(over, seats) }
    })
  }
  function guarded<T>(run: () => T): T {
    try {
      return sandbox(run)
    } catch (fault) {
      if (fault instanceof Refused) throw fault
      throw new RulesFault('the rules failed', { cause: fault })
    }
  }

  return {
    begin: (seed: number, now: EpochMs): GameStep => step(seed, now, (ctx) => rules.setup(ctx)),

    act(game: Game, action: Action & { seat: number }, now: EpochMs): GameStep | RulesRefusal {
      try {
        return step(game.dice, now, (ctx) => {
          const next = rules.act(copyOf(game.state), action, ctx)
          if (isRefusal(next)) throw new Refused(next)
          return next
        })
      } catch (fault) {
        if (fault instanceof Refused) return fault.refusal
        throw fault
      }
    },

    timeout(game: Game, name: string, now: EpochMs): GameStep {
      return step(game.dice, now, (ctx) => rules.timeout?.(copyOf(game.state), name, ctx) ?? game.state)
    },

    view: (game: Game, who: Onlooker, now: EpochMs): unknown =>
      guarded(() => {
        const ctx = { now, seats, random: dice(game.dice).next }
        return asJson(rules.view(copyOf(game.state), who, ctx))
      }),

    tell: (action: Action & { seat: number }, who: Onlooker): unknown =>
      guarded(() => (rules.tell ? rules.tell(action, who) : action.data)),
  }
}

class Refused extends Error {
  readonly refusal: RulesRefusal
  constructor(refusal: RulesRefusal) {
    super(refusal.refuse)
    this.refusal = refusal
  }
}

const isRefusal = (next: unknown): next is RulesRefusal =>
  typeof next === 'object' && next !== null && 'refuse' in next && typeof next.refuse === 'string'

// Rules that change what they were given would change a step that may yet fail.
const copyOf = (state: unknown): unknown => structuredClone(state)

// What JSON cannot say would be something else after a restart.
function asJson(value: unknown): unknown {
  if (!isJson(value)) throw new TypeError('the rules made something that is not JSON')
  return JSON.parse(JSON.stringify(value))
}

function standingOf({ placements, scores }: Standing, seats: readonly { seat: number }[]): Standing {
  const placed = placements.flat()
  const isWhole = placed.length === seats.length && seats.every(({ seat }) => placed.includes(seat))
  if (!Object.values(scores ?? {}).every(Number.isFinite)) throw new TypeError('a score is no number')
  if (!isWhole) throw new TypeError('the placements do not name every seat once')
  return scores ? { placements, scores } : { placements }
}
