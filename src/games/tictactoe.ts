import type { GameRules, Viewer } from '../config/rules.ts'

type Cell = number | null
export interface Board {
  /** Nine cells, row by row; the seat that marked it, or null. */
  cells: Cell[]
  /** The seat whose turn it is. */
  turn: number
  /** The seat that lost because its turn ran out. */
  timedOut: number | null
}

export interface Mark {
  type: 'mark'
  data: { cell: number }
}
export interface View extends Board {
  /** The seat that has won, or null. */
  winner: number | null
  /** Your own seat. */
  you: Viewer
}

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const
const TURN_MS = 30_000

const other = (seat: number): number => 1 - seat

function winnerOf({ cells, timedOut }: Board): number | null {
  if (timedOut !== null) return other(timedOut)
  const line = LINES.find(([a, b, c]) => cells[a] !== null && cells[a] === cells[b] && cells[a] === cells[c])
  return line ? (cells[line[0]] ?? null) : null
}

const cellOf = (data: unknown): number | null => {
  const cell = typeof data === 'object' && data !== null && 'cell' in data ? data.cell : null
  return typeof cell === 'number' && Number.isInteger(cell) && cell >= 0 && cell < 9 ? cell : null
}

/** Tic-tac-toe: `act {type: "mark", data: {cell: 0…8}}`. Seat 0 or 1 begins at random; a turn has 30 s. */
export const ticTacToe: GameRules<Board, Mark, View> = {
  setup: ({ random }) => ({ cells: Array<Cell>(9).fill(null), turn: random() < 0.5 ? 0 : 1, timedOut: null }),

  act(board, { seat, type, data }) {
    const cell = cellOf(data)
    if (type !== 'mark' || cell === null)
      return { refuse: 'ILLEGAL_ACTION', message: 'Send mark with a cell from 0 to 8.' }
    if (seat !== board.turn) return { refuse: 'NOT_YOUR_TURN' }
    if (board.cells[cell] !== null)
      return { refuse: 'ILLEGAL_ACTION', message: 'This cell is taken. Choose a free one.' }
    return { ...board, cells: board.cells.with(cell, seat), turn: other(seat) }
  },

  over(board) {
    const winner = winnerOf(board)
    if (winner !== null) return { placements: [[winner], [other(winner)]] }
    return board.cells.every((cell) => cell !== null) ? { placements: [[0, 1]] } : null
  },

  // Everyone sees the whole board; `you` tells a player which mark is theirs.
  view: (board, who) => ({ ...board, winner: winnerOf(board), you: who }),

  deadline: () => ({ name: 'turn', inMs: TURN_MS }),
  timeout: (board) => ({ ...board, timedOut: board.turn }),
}
