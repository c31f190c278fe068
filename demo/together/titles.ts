const titles: Record<string, string> = {
  duel: 'Draw with one other',
  doubles: 'Draw two and two',
  party: 'Draw, up to eight',
  tictactoe: 'Tic-tac-toe',
}

/** What a mode is called here. */
export const titleOf = (mode: string): string => titles[mode] ?? mode

const LEAST: Record<string, number> = { doubles: 4 }

/** With how many players a mode can start. */
export const leastOf = (mode: string): number => LEAST[mode] ?? 2

/** Whether this page has a table for the mode. */
export const isOurs = (mode: string): boolean => Object.hasOwn(titles, mode)
