import { type Mode, mode } from '../../src/config/modes.ts'
import { ticTacToe } from '../../src/games/tictactoe.ts'
import { newId } from '../../src/system/system.ts'

/** A game that never ends, so that its matches take actions for as long as they are asked to. */
export interface Game {
  mode: Mode
  /** The nth action of a match; its two seats take turns. */
  action(n: number): { type: string; data: unknown; id?: string }
  /** Actions per match until its snapshot is as large as it gets. */
  warmUpActs: number
}
export const games = ['plain', 'ids', 'rules'] as const
export type GameName = (typeof games)[number]

const duel = { teams: { count: 2, size: 1 }, countdownMs: 0 }
const move = (n: number) => ({ type: 'move', data: { x: n % 640, y: n % 480, heading: n % 360, jump: n % 2 === 0 } })

// Tic-tac-toe on a board that is wiped when it is full.
const endless: typeof ticTacToe = {
  ...ticTacToe,
  act(board, action, ctx) {
    const isFull = board.cells.every((cell) => cell !== null)
    return ticTacToe.act(isFull ? { ...board, cells: board.cells.map(() => null) } : board, action, ctx)
  },
  over: () => null,
}

// A match remembers the last 32 commands of each seat.
const BOTH_MEMORIES_FULL = 64

export const gameOf: Record<GameName, Game> = {
  plain: { mode: mode.parse({ id: 'plain', ...duel }), action: move, warmUpActs: 20 },
  ids: {
    mode: mode.parse({ id: 'ids', ...duel }),
    action: (n) => ({ ...move(n), id: newId() }),
    warmUpActs: BOTH_MEMORIES_FULL,
  },
  rules: {
    mode: mode.parse({ id: 'rules', ...duel, rules: endless }),
    action: (n) => ({ type: 'mark', data: { cell: n % 9 }, id: newId() }),
    warmUpActs: BOTH_MEMORIES_FULL,
  },
}
