import type { EpochMs } from '../ports.ts'
import type { Action } from '../protocol/match-view.ts'

/** What rules may know beside their own state. */
export interface RulesContext {
  /** The instant of the step. */
  now: EpochMs
  seats: readonly { seat: number; team: number }[]
  /** Between 0 and 1, 1 excluded; seeded per match and part of its snapshot, so that a replay gives the same numbers. */
  random(): number
}
export interface RulesRefusal {
  refuse: 'ILLEGAL_ACTION' | 'NOT_YOUR_TURN'
  /** Tells the player what to do instead. */
  message?: string
}
export interface Standing {
  /** Seats, best first; those of equal rank together. */
  placements: number[][]
  scores?: Record<number, number>
}
export type Onlooker = number | 'spectator'

/**
 * A game that the server plays along with: the authority over what is legal, who sees what and who wins. Pure functions
 * of a state that is JSON. They run within a step of the match: a throw, a loop or a state that is not JSON aborts that
 * match and no other.
 */
export interface GameRules<State = unknown> {
  setup(ctx: RulesContext): State
  act(state: State, action: Action & { seat: number }, ctx: RulesContext): State | RulesRefusal
  /** The result once the game is over, else null. */
  over(state: State, ctx: RulesContext): Standing | null
  /** What one seat, or a spectator, may see; nothing else of the state leaves the server. */
  view(state: State, who: Onlooker, ctx: RulesContext): unknown
  /** What of an action's data others hear; all of it when there is no such function. */
  tell?(action: Action & { seat: number }, who: Onlooker): unknown
  /** When the state changes by itself, asked after each step; `inMs` from now. */
  deadline?(state: State, ctx: RulesContext): { name: string; inMs: number } | null
  /** What the state becomes when that deadline passes. */
  timeout?(state: State, name: string, ctx: RulesContext): State
}

const REQUIRED: readonly (keyof GameRules)[] = ['setup', 'act', 'over', 'view']
const KNOWN: ReadonlySet<string> = new Set([...REQUIRED, 'tell', 'deadline', 'timeout'] satisfies (keyof GameRules)[])

/** What is wrong with rules as they stand in a config, as far as that shows before they run; null when nothing does. */
export function rulesFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'rules are an object with the functions of the game'
  const rules = value as Record<string, unknown>
  for (const name of REQUIRED) if (typeof rules[name] !== 'function') return `rules.${name} is missing`
  for (const name of KNOWN) {
    if (rules[name] !== undefined && typeof rules[name] !== 'function') return `rules.${name} is no function`
    const kind = kindOf(rules[name])
    if (kind) return `rules.${name} must not be ${kind}: rules answer at once, with plain JSON`
  }
  // A misspelt name would never be called. The methods of a class may have helpers among them.
  const unknown = Object.keys(rules).find((name) => typeof rules[name] === 'function' && !KNOWN.has(name))
  if (unknown) return `rules.${unknown} is unknown: rules have ${[...KNOWN].join(', ')}`
  if (rules.deadline && !rules.timeout) return 'rules.timeout is missing: it says what a passed deadline does'
  return null
}

function kindOf(value: unknown): string | null {
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object AsyncFunction]' || tag === '[object AsyncGeneratorFunction]') return 'async'
  return tag === '[object GeneratorFunction]' ? 'a generator' : null
}
