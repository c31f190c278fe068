import type { EpochMs } from '../ports.ts'
import type { Action } from '../protocol/match-view.ts'

/** Inputs of rules besides their own state. */
export interface RulesContext {
  /** The instant of the step. */
  now: EpochMs
  seats: readonly { seat: number; team: number }[]
  /** Between 0 and 1, 1 excluded; seeded per match and part of its snapshot, so that a replay gives the same numbers. */
  random(): number
}
export interface RulesRefusal {
  refuse: 'ILLEGAL_ACTION' | 'NOT_YOUR_TURN'
  /** Says what the player can do instead. */
  message?: string
}
export interface Standing {
  /** Seats, best first, equal ranks together. */
  placements: number[][]
  scores?: Record<number, number>
}
/** Whose view it is: the seat's, or the one that all spectators share. */
export type Viewer = number | 'spectator'
/** Everyone who may see a match: each seat, and the spectators. */
export const viewersOf = (seats: readonly { seat: number }[]): Viewer[] => [
  ...seats.map(({ seat }) => seat),
  'spectator',
]

/**
 * The rules of a game: which actions are legal, what each player sees and who wins. Pure functions of a JSON state. They
 * run within a step of the match: a throw, an endless loop or a state that is not JSON aborts that match and no other.
 */
export interface GameRules<State = unknown, Move extends Action = Action, View = unknown> {
  setup(ctx: RulesContext): State
  /**
   * The state after an action, or why it is refused. `Move` is for the types of clients: a client may send anything, so
   * `act` checks the data.
   */
  act(state: State, action: Move & { seat: number }, ctx: RulesContext): State | RulesRefusal
  /** The result once the game is over, else null. */
  over(state: State, ctx: RulesContext): Standing | null
  /** The game as one seat, or a spectator, sees it; nothing else of the state leaves the server. */
  view(state: State, who: Viewer, ctx: RulesContext): View
  /** The part of an action's data that others hear; all of it without this function. */
  tell?(action: Move & { seat: number }, who: Viewer): unknown
  /** The next deadline, asked after each step; `inMs` from now. */
  deadline?(state: State, ctx: RulesContext): { name: string; inMs: number } | null
  /** The next state when that deadline passes. */
  timeout?(state: State, name: string, ctx: RulesContext): State
}

const REQUIRED: readonly (keyof GameRules)[] = ['setup', 'act', 'over', 'view']
const KNOWN: ReadonlySet<string> = new Set([...REQUIRED, 'tell', 'deadline', 'timeout'] satisfies (keyof GameRules)[])

/** A fault of rules that shows before they run, or null. */
export function rulesFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'rules are an object with the functions of the game'
  const rules = value as Record<string, unknown>
  for (const name of REQUIRED) if (typeof rules[name] !== 'function') return `rules.${name} is missing`
  for (const name of KNOWN) {
    if (rules[name] !== undefined && typeof rules[name] !== 'function') return `rules.${name} is no function`
    const kind = kindOf(rules[name])
    if (kind) return `rules.${name} must not be ${kind}: rules answer at once, with plain JSON`
  }
  // A misspelt function would never be called. Methods of a class are not checked: some may be helpers.
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
