/*
 * A game as the server shows it to a player. The page knows no rules: it requests a cell, and the server decides. It only
 * searches for the winning line, to mark it.
 */
export interface Game {
  /** Nine, row by row: the seat that marked it, or null. */
  cells: readonly (number | null)[]
  /** The seat whose turn it is. */
  turn: number
  /** The seat that let its time run out. */
  timedOut: number | null
}

export function readGame(data: unknown): Game | null {
  if (typeof data !== 'object' || data === null) return null
  const { cells, turn, timedOut = null } = data as Partial<Record<keyof Game, unknown>>
  if (!Array.isArray(cells) || cells.length !== 9 || !cells.every(isSeatOrNull)) return null
  return typeof turn === 'number' && isSeatOrNull(timedOut) ? { cells, turn, timedOut } : null
}
const isSeatOrNull = (value: unknown): value is number | null => value === null || typeof value === 'number'

/** The cell that an action marked, or null for another action. */
export function markedCell({ type, data }: { type: string; data?: unknown }): number | null {
  if (type !== 'mark' || typeof data !== 'object' || data === null || !('cell' in data)) return null
  return typeof data.cell === 'number' ? data.cell : null
}

/** The cells of three in a row, from one end to the other. */
export function lineIn({ cells }: Game): [number, number, number] | null {
  const isWon = ([a, b, c]: [number, number, number]) =>
    cells[a] !== null && cells[a] === cells[b] && cells[a] === cells[c]
  return LINES.find(isWon) ?? null
}
const LINES: [number, number, number][] = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
]

export const rowOf = (cell: number): number => Math.floor(cell / 3)
export const columnOf = (cell: number): number => cell % 3
export const placeOf = (cell: number): string => `row ${rowOf(cell) + 1}, column ${columnOf(cell) + 1}`
