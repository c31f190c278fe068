import { rockPaperScissors } from '../games/rock-paper-scissors.ts'
import { ticTacToe } from '../games/tictactoe.ts'
import type { ModeConfig } from './modes.ts'

const oneAgainstOne = { count: 2, size: 1 }

/** The modes of a server whose config has none. */
export const shippedModes = [
  { id: 'duel', teams: oneAgainstOne, rated: true },
  { id: 'squad', teams: { count: 2, size: 5 }, rated: true, readyCheckMs: 15_000 },
  { id: 'party', players: { min: 2, max: 8 }, countdownMs: 0 },
  { id: 'tictactoe', teams: oneAgainstOne, rules: ticTacToe },
  { id: 'rps', teams: oneAgainstOne, rules: rockPaperScissors },
] as const satisfies readonly ModeConfig[]
