import { type Mode, type ModeConfig, mode } from '../../src/config/modes.ts'
import { rockPaperScissors } from '../../src/games/rock-paper-scissors.ts'
import { ticTacToe } from '../../src/games/tictactoe.ts'

// Short times, so that all of them run out in a small simulation.
const shortWaits = {
  joinMs: 4_000,
  countdownMs: 800,
  graceMs: 3_000,
  pauseMs: 3_000,
  settleMs: 2_000,
  maxMs: 30_000,
  rematchMs: 5_000,
  matchmaking: { fillMs: 300 },
}
const duel = { teams: { count: 2, size: 1 } }

const simulated: ModeConfig[] = [
  {
    id: 'plain',
    players: { min: 2, max: 4 },
    lateJoin: true,
    properties: { maxCount: 5, visibility: { hand: 'own', plan: 'members' } },
    ...shortWaits,
  },
  { id: 'checked', ...duel, rated: true, ratedPerPairPerDay: 1, readyCheckMs: 3_000, ...shortWaits, countdownMs: 0 },
  {
    id: 'sleepy',
    players: { min: 2, max: 3 },
    rated: true,
    ratedPerPairPerDay: 1,
    idleMs: 2_500,
    spectators: false,
    ...shortWaits,
  },
  { id: 'tictactoe', ...duel, rules: ticTacToe, ...shortWaits, maxMs: 70_000 },
  { id: 'rps', ...duel, rules: rockPaperScissors, ...shortWaits, maxMs: 70_000 },
]

/** The modes that are played in a simulation. */
export const simulatedModes: ReadonlyMap<string, Mode> = new Map(simulated.map((one) => [one.id, mode.parse(one)]))
