import type { GameRules, RulesContext, RulesRefusal, Standing, Viewer } from '../../config/rules.ts'
import type { EpochMs } from '../../ports.ts'
import type { Action, Deadline } from '../../protocol/match-view.ts'
import { isSameJson, plainJson } from '../../util/plain-json.ts'
import { dice } from '../../util/random.ts'

/** A game as the snapshot holds it. */
export interface Game {
  state: unknown
  /** The state of the dice after all throws so far. */
  dice: number
  deadline: Deadline | null
}
/** A game after a step, and the result if that ended it. */
export interface GameStep {
  game: Game
  over: Standing | null
}
// A shorter turn would keep the match busy with timeouts.
const SHORTEST_TURN_MS = 10
/** The largest state: it is stored with every step. */
const MAX_STATE_CHARS = 262_144
/** The largest view: it is sent with every step, and at most 1 MB may wait for a connection. */
const MAX_VIEW_CHARS = 65_536
const MAX_ANSWER_CHARS = 65_536
/** The number of views that each further view is compared with: those of a few teams, and the spectators'. */
const MAX_COMPARED = 4
// A sentence for a player.
const MAX_MESSAGE = 500

/** The rules are at fault: they threw, ran too long, or made something that is not JSON. The message says which did. */
export class RulesFault extends Error {
  constructor(asked: string, fault: unknown) {
    const isError = fault instanceof Error
    super(`${asked}: ${isError ? fault.message : 'threw what is no error'}`)
    // With a `cause` the log would have the message twice. The stack shows where the rules threw.
    if (isError && fault.stack) this.stack = fault.stack
  }
}

/** Runs rules within a time limit; throws when they exceed it. */
export type Sandbox = <T>(run: () => T) => T
interface Table {
  rules: GameRules
  seats: readonly { seat: number; team: number }[]
  sandbox: Sandbox
}

/** What rules are given in one step, and the dice after it. */
interface Throws {
  ctx: RulesContext
  diceNow(): number
}

/** One game with its rules; checks everything that rules can get wrong. */
export function gameAt({ rules, seats, sandbox }: Table) {
  /** The function that runs now; a fault names it. */
  let asked: keyof GameRules = 'setup'

  function answerOf(name: keyof GameRules, what: string, answer: () => unknown): unknown {
    asked = name
    return plainJson(answer(), what, MAX_ANSWER_CHARS)
  }

  /** The step that a new state of the rules makes. */
  function stepTo(made: unknown, { ctx, diceNow }: Throws): GameStep {
    const state = plainJson(made, 'state', MAX_STATE_CHARS)
    const over = answerOf('over', 'result', () => rules.over(state, ctx)) as Standing | null
    const standing = over && standingOf(over, seats)
    const due = over || !rules.deadline ? null : answerOf('deadline', 'deadline', () => rules.deadline?.(state, ctx))
    const deadline = due === null ? null : deadlineOf(due, ctx.now)
    return { game: { state, dice: diceNow(), deadline }, over: standing }
  }

  function guarded<T>(run: () => T): T {
    try {
      return sandbox(run)
    } catch (fault) {
      throw new RulesFault(asked, fault)
    }
  }

  function throwing(seed: number, now: EpochMs): Throws {
    const thrown = dice(seed)
    return { ctx: { now, seats, random: () => thrown.next() }, diceNow: () => thrown.state }
  }

  return {
    begin: (seed: number, now: EpochMs): GameStep =>
      guarded(() => {
        asked = 'setup'
        const throws = throwing(seed, now)
        return stepTo(rules.setup(throws.ctx), throws)
      }),

    act: (game: Game, action: Action & { seat: number }, now: EpochMs): GameStep | RulesRefusal =>
      guarded(() => {
        asked = 'act'
        const throws = throwing(game.dice, now)
        const next = rules.act(copyOf(game.state), action, throws.ctx)
        return isRefusal(next) ? refusalOf(next) : stepTo(next, throws)
      }),

    timeout: (game: Game, name: string, now: EpochMs): GameStep =>
      guarded(() => {
        asked = 'timeout'
        const throws = throwing(game.dice, now)
        return stepTo(rules.timeout ? rules.timeout(copyOf(game.state), name, throws.ctx) : game.state, throws)
      }),

    /**
     * The view of each viewer; viewers who see the same share one object. The rules look at one shared copy of the
     * state, unless they change it: then each view gets its own copy.
     */
    views(game: Game, whos: Iterable<Viewer>, now: EpochMs): Map<Viewer, unknown> {
      const look = (who: Viewer, state: unknown) => rules.view(state, who, throwing(game.dice, now).ctx)
      return guarded(() => {
        const lent = copyOf(game.state)
        const checked: unknown[] = []
        const seen = new Map<Viewer, unknown>()
        for (const who of whos) {
          asked = 'view'
          const view = look(who, lent)
          // Comparing views costs a fraction of checking one, and an equal view need not be encoded again.
          let own = checked.find((one) => isSameJson(one, view))
          if (own === undefined) {
            own = plainJson(view, 'view', MAX_VIEW_CHARS)
            if (checked.length < MAX_COMPARED) checked.push(own)
          }
          seen.set(who, own)
        }
        if (seen.size < 2 || isSameJson(game.state, lent)) return seen
        for (const who of seen.keys())
          seen.set(
            who,
            answerOf('view', 'view', () => look(who, copyOf(game.state))),
          )
        return seen
      })
    },

    /** Undefined when the rules let others hear nothing of the data. */
    tell: (action: Action & { seat: number }, who: Viewer): unknown =>
      guarded(() => {
        if (!rules.tell) return action.data
        asked = 'tell'
        const data = rules.tell(action, who)
        return data === undefined ? undefined : plainJson(data, 'data', MAX_ANSWER_CHARS)
      }),
  }
}

const isRefusal = (next: unknown): next is RulesRefusal =>
  typeof next === 'object' && next !== null && 'refuse' in next && typeof next.refuse === 'string'

function refusalOf({ refuse, message }: RulesRefusal): RulesRefusal {
  if (refuse !== 'ILLEGAL_ACTION' && refuse !== 'NOT_YOUR_TURN') throw new TypeError(`it refuses with ${refuse}`)
  return message === undefined ? { refuse } : { refuse, message: String(message).slice(0, MAX_MESSAGE) }
}

function deadlineOf(due: unknown, now: EpochMs): Deadline {
  const { name, inMs } = due as { name?: unknown; inMs?: unknown }
  if (typeof name !== 'string') throw new TypeError('the deadline has no name')
  if (typeof inMs !== 'number') throw new TypeError('the deadline has no inMs')
  return { name, at: now + Math.max(SHORTEST_TURN_MS, Math.round(inMs)) }
}

// Rules may modify their input, and a step that fails must leave it unchanged.
const copyOf = (state: unknown): unknown => structuredClone(state)

function standingOf({ placements, scores }: Standing, seats: readonly { seat: number }[]): Standing {
  if (!Array.isArray(placements)) throw new TypeError('the result has no placements')
  const placed = placements.flat()
  const isWhole = placed.length === seats.length && seats.every(({ seat }) => placed.includes(seat))
  if (!Object.values(scores ?? {}).every(Number.isFinite)) throw new TypeError('a score is no number')
  if (!isWhole) throw new TypeError('the placements do not name every seat once')
  return scores ? { placements, scores } : { placements }
}
