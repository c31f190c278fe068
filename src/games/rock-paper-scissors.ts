import type { GameRules, Viewer } from '../config/rules.ts'

const THROWS = ['rock', 'paper', 'scissors'] as const
type Throw = (typeof THROWS)[number]
type Pair = [Throw | null, Throw | null]
export interface Move {
  type: 'throw'
  data: { throw: Throw }
}

export interface Table {
  /** The throws of the current round by seat, face down. */
  hidden: Pair
  /** Past rounds, oldest first; null for a seat that did not throw in time. */
  rounds: Pair[]
  wins: [number, number]
}

/** What a seat or a spectator sees. */
export interface View extends Pick<Table, 'rounds' | 'wins'> {
  /** Your throw of this round; null for a spectator. */
  yours: Throw | null
  /** For each seat, whether it has thrown. */
  thrown: boolean[]
}

const ROUND_MS = 20_000
const WINS_NEEDED = 3
// Ends a game of endless draws.
const MOST_ROUNDS = 25

const isThrow = (value: unknown): value is Throw => THROWS.includes(value as Throw)
const thrownBy = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'throw' in data ? data.throw : null

/** The seat that wins a round, or null for a draw. A seat that threw beats one that did not. */
function winnerOf([a, b]: Pair): 0 | 1 | null {
  if (a === b) return null
  if (a === null || b === null) return a === null ? 1 : 0
  return (THROWS.indexOf(a) - THROWS.indexOf(b) + 3) % 3 === 1 ? 0 : 1
}

function reveal({ hidden, rounds, wins }: Table): Table {
  const winner = winnerOf(hidden)
  const counted: [number, number] = [wins[0] + (winner === 0 ? 1 : 0), wins[1] + (winner === 1 ? 1 : 0)]
  return { hidden: [null, null], rounds: [...rounds, hidden], wins: counted }
}

function pairWith(pair: Pair, seat: number, thrown: Throw): Pair {
  return seat === 0 ? [thrown, pair[1]] : [pair[0], thrown]
}

const ownHidden = ({ hidden }: Table, who: Viewer): Throw | null => (who === 'spectator' ? null : (hidden[who] ?? null))

/**
 * Rock–paper–scissors, best of five: `act {type: "throw", data: {throw: "rock" | "paper" | "scissors"}}`. Both throw
 * face down; the throws are revealed when both are there. A round has 20 s.
 */
export const rockPaperScissors: GameRules<Table, Move, View> = {
  setup: () => ({ hidden: [null, null], rounds: [], wins: [0, 0] }),

  act(table, { seat, type, data }) {
    const thrown = thrownBy(data)
    if (type !== 'throw' || !isThrow(thrown)) {
      return { refuse: 'ILLEGAL_ACTION', message: 'Send throw with rock, paper or scissors.' }
    }
    if (table.hidden[seat] !== null)
      return { refuse: 'NOT_YOUR_TURN', message: 'You have thrown. Wait for the other one.' }
    const hidden = pairWith(table.hidden, seat, thrown)
    return hidden.includes(null) ? { ...table, hidden } : reveal({ ...table, hidden })
  },

  over({ wins, rounds }) {
    const scores = { 0: wins[0], 1: wins[1] }
    if (Math.max(...wins) < WINS_NEEDED && rounds.length < MOST_ROUNDS) return null
    if (wins[0] === wins[1]) return { placements: [[0, 1]], scores }
    return { placements: wins[0] > wins[1] ? [[0], [1]] : [[1], [0]], scores }
  },

  view: (table, who) => ({
    rounds: table.rounds,
    wins: table.wins,
    yours: ownHidden(table, who),
    thrown: table.hidden.map((thrown) => thrown !== null),
  }),

  // Others hear that a player threw, but not what.
  tell: () => undefined,

  deadline: () => ({ name: 'round', inMs: ROUND_MS }),
  timeout: (table) => reveal(table),
}
