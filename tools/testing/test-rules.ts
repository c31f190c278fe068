import fc from 'fast-check'
import { type ModeConfig, mode as modeSchema } from '../../src/config/modes.ts'
import { type GameRules, rulesFault, viewersOf } from '../../src/config/rules.ts'
import type { MatchInput } from '../../src/machines/match/match-context.ts'
import { playOf, untimedReferee } from '../../src/machines/match/match-step.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import {
  act,
  actingAt,
  begin,
  choicesAt,
  happen,
  letPass,
  type Move,
  nextDeadlinePasses,
  type Position,
  type Table,
} from './play.ts'
import { checkedForPurity } from './pure-rules.ts'
import { type Hidden, leakIn, leakInTelling } from './secrets.ts'

export interface TestRulesOptions<Action extends Move = Move, View = unknown> {
  /**
   * Returns an action that this seat might send, legal or not, from what it sees; null for none. `random` is between 0 and
   * 1, and the same for the same play.
   */
  move(of: { view: View; seat: number; random: () => number }): Action | null
  /** The mode around the rules: seats and times. One against one by default. */
  mode?: Partial<Omit<ModeConfig, 'id' | 'rules'>>
  /** Parts of the state that not everyone may see; see `Hidden`. */
  hidden?: Hidden
  /** Fields of an action's data that others may not hear, by the action's type: `{ throw: ['throw'] }`. */
  hiddenData?: Record<string, readonly string[]>
  /** How many random plays; 200 by default. */
  plays?: number
  /** The most steps of a random play; 60 by default. */
  steps?: number
  /** The seed of the random plays; 1 by default. */
  seed?: number
}
export interface TestRulesReport {
  plays: number
  /** Situations of the match machine from which everything was tried. */
  situations: number
  /** The states of the match that were reached. */
  states: string[]
  accepted: number
  refused: number
  /** Plays that the rules ended. */
  finished: number
}
/** The rules are at fault; the message has the shortest play that shows it. */
export class RulesFailure extends Error {}

const MOST_SITUATIONS = 400
const SEEDS = 2 ** 31 - 1
/** Of ten steps of a random play, those in which a seat acts. */
const ACTIONS_IN_TEN = 8

/**
 * Tests the rules of a game: tries everything that can happen in every situation of a match (drops, returns, leaves,
 * pauses, timeouts, restarts), then random plays. Checks that the rules never throw, keep to JSON, are pure, place every
 * seat, and show nobody what is hidden from them. Throws a `RulesFailure` with the shortest play that fails.
 */
export function testRules<State, Action extends Move, View>(
  rules: GameRules<State, Action, View>,
  options: TestRulesOptions<Action, View>,
): TestRulesReport {
  const fault = rulesFault(rules)
  if (fault) throw new RulesFailure(fault)
  const { plays = 200, steps = 60, seed = 1 } = options
  const table = tableOf(rules as GameRules, options as unknown as TestRulesOptions)
  const counts = { accepted: 0, refused: 0, finished: 0, states: new Set<string>() }
  const watch = watchman(rules as GameRules, options as unknown as TestRulesOptions, counts)

  const situations = everySituation(table, watch)
  const numbers = fc.array(fc.nat(SEEDS), { maxLength: steps, size: 'max' })
  const failure = fc.check(
    fc.property(numbers, (play) => void randomPlay(play, table, watch)),
    { seed, numRuns: plays },
  )
  if (failure.failed) throw new RulesFailure(describe(failure.counterexample?.[0] ?? [], table, watch))
  if (counts.accepted === 0) throw new RulesFailure('the rules accepted no action: does `move` return legal ones?')
  return { ...counts, plays, situations, states: [...counts.states] }
}

function tableOf(rules: GameRules, { mode = {}, move }: TestRulesOptions): Table {
  const seating = mode.players || mode.teams ? {} : { teams: { count: 2, size: 1 } }
  const whole = modeSchema.parse({ id: 'game', ...seating, ...mode, rules })
  const players = Array.from({ length: whole.maxSeats }, (_, n) => ({
    playerId: `p${n}` as PlayerId,
    name: `player ${n}`,
    queuedAt: 0,
  }))
  const input: MatchInput = { matchId: 'test' as MatchId, mode: whole, players, at: 0 }
  return { input, move: move as Table['move'], referee: untimedReferee(checkedForPurity(rules)) }
}

interface Counts {
  accepted: number
  refused: number
  finished: number
  states: Set<string>
}
/** Looks at each position and each action of a play, and throws when something is wrong. */
interface Watchman {
  position(position: Position, table: Table): void
  action(played: (Move & { seat: number }) | null, refused: string | null, position: Position): void
}

function watchman(rules: GameRules, { hidden = {}, hiddenData = {} }: TestRulesOptions, counts: Counts): Watchman {
  return {
    position({ snapshot, now }, { referee }) {
      const { state, context } = snapshot
      counts.states.add(state)
      if (!context.game) return
      playOf(snapshot, referee).views(context.game, viewersOf(context.seats), now)
      const ctx = { now, seats: context.seats.map(({ seat, team }) => ({ seat, team })), random: () => 0.5 }
      const leak = leakIn(rules, context.game.state, ctx, hidden)
      if (leak) throw new Error(leak)
    },
    action(played, refused, { snapshot }) {
      if (!played) return
      if (refused) counts.refused += 1
      else counts.accepted += 1
      if (snapshot.context.outcome === 'completed') counts.finished += 1
      const leak = refused ? null : leakInTelling(rules, played, snapshot.context.seats, hiddenData)
      if (leak) throw new Error(leak)
    },
  }
}

/** Plays a list of numbers: each chooses one of the things that can happen then. Returns the play in words. */
function randomPlay(numbers: readonly number[], table: Table, watch: Watchman, told: string[] = []): string[] {
  let position = begin(table)
  for (const number of numbers) {
    const acting = actingAt(position)
    const choices = choicesAt(position)
    const chosen = Math.floor(number / 10)
    const isAction = acting.length > 0 && number % 10 < ACTIONS_IN_TEN
    const seat = isAction ? acting[chosen % acting.length] : undefined
    const choice = isAction ? undefined : choices[chosen % (choices.length + 1)]
    if (choice) {
      told.push(choice.text)
      position = happen(position, choice, table)
    } else if (seat !== undefined) {
      told.push(`seat ${seat} acts`)
      const { position: next, played, refused } = act(position, seat, number, table)
      told[told.length - 1] = played
        ? `seat ${seat}: ${JSON.stringify({ type: played.type, data: played.data })}${refused ? ` is refused (${refused})` : ''}`
        : `seat ${seat} has no action`
      watch.action(played, refused, next)
      position = next
    } else {
      told.push('the next deadline passes')
      position = nextDeadlinePasses(position, table)
    }
    watch.position(position, table)
  }
  return told
}

/** Tries everything that can happen in every situation, each reached by a shortest way. Returns how many there are. */
function everySituation(table: Table, watch: Watchman): number {
  const first: Way = { position: begin(table), told: [] }
  const known = new Set([shapeOf(first.position)])
  const open = [first]
  for (let way = open.shift(); way; way = open.shift()) {
    for (const { text, run } of next(way, table)) {
      const told = [...way.told, text]
      const position = attempt(told, () => {
        const reached = run()
        watch.position(reached, table)
        return reached
      })
      const shape = shapeOf(position)
      if (known.has(shape) || known.size >= MOST_SITUATIONS) continue
      known.add(shape)
      open.push({ position, told })
    }
    // Left alone, every match ends by itself.
    attempt([...way.told, 'nothing more happens'], () => letPass(way.position, Number.MAX_SAFE_INTEGER, table))
  }
  return known.size
}
interface Way {
  position: Position
  told: string[]
}

function* next({ position }: Way, table: Table) {
  for (const choice of choicesAt(position)) yield { text: choice.text, run: () => happen(position, choice, table) }
  yield { text: 'the next deadline passes', run: () => nextDeadlinePasses(position, table) }
  for (const seat of actingAt(position))
    yield { text: `seat ${seat} acts`, run: () => act(position, seat, seat, table).position }
}

/** What distinguishes situations for the match machine; the game's own state is left to the random plays. */
const shapeOf = ({ snapshot: { state, context } }: Position): string =>
  JSON.stringify([
    state,
    context.outcome,
    context.deadline?.name,
    context.seats.map(({ status }) => status),
    context.accepted.length,
    context.spectators.length,
    context.pause?.seat,
    context.game === null,
  ])

function attempt<T>(told: readonly string[], run: () => T): T {
  try {
    return run()
  } catch (fault) {
    throw new RulesFailure(inWords(told, fault))
  }
}

function describe(numbers: readonly number[], table: Table, watch: Watchman): string {
  const told: string[] = []
  try {
    randomPlay(numbers, table, watch, told)
  } catch (fault) {
    return inWords(told, fault)
  }
  return 'the rules failed once, but not again with the same play: they are not pure'
}

const inWords = (told: readonly string[], fault: unknown): string =>
  [
    fault instanceof Error ? fault.message : String(fault),
    'after this play:',
    ...told.map((step, n) => `  ${n + 1}. ${step}`),
  ].join('\n')
