import { act, isOver, pause, retryWhileRefused, type Seat, stateOf } from './seat.ts'

const LOOK_MS = 300

interface Board {
  cells: (number | null)[]
  turn: number
}

/** Marks a free cell in each turn of the bot, until the game is over. */
export async function playTicTacToe(seat: Seat): Promise<void> {
  const { bot } = seat
  while (!isOver(seat) && !bot.run.isSettling) {
    const state = stateOf(seat)
    if (state === 'countdown') await retryWhileRefused(seat, 'match:ready', {})
    const cell = state === 'playing' ? choice(seat) : null
    if (cell === null) await bot.until(() => choice(seat) !== null || isOver(seat) || stateOf(seat) !== state, LOOK_MS)
    else {
      await act(seat, 'mark', { cell })
      await pause(seat)
    }
  }
}

/** A random free cell, or null when it is not the bot's turn. */
function choice({ bot, room }: Seat): number | null {
  const board = room.view.game as Board | undefined
  if (board?.turn !== room.seat) return null
  const free = board.cells.flatMap((cell, n) => (cell === null ? [n] : []))
  return free[Math.floor(bot.dice() * free.length)] ?? null
}
