const titles: Record<string, string> = {
  duel: 'Draw with one other',
  doubles: 'Draw two and two',
  party: 'Draw, up to eight',
  tictactoe: 'Tic-tac-toe',
}

/** The name of a mode on this page. */
export const titleOf = (mode: string): string => titles[mode] ?? mode

const LEAST: Record<string, number> = { doubles: 4 }

/** The least number of players of a mode. */
export const leastOf = (mode: string): number => LEAST[mode] ?? 2

/** Whether this page has a table for the mode. */
export const isOurs = (mode: string): boolean => Object.hasOwn(titles, mode)
