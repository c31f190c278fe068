import { defineConfig, shippedModes } from '@muster-rooms/server'
import { times } from '../tools/bots/chaos/times.ts'

const { graceMs, joinMs, countdownMs, settleMs, rematchMs } = times
const tictactoe = shippedModes.filter(({ id }) => id === 'tictactoe')

// The modes of `chaos:restart`: one without rules, one with them.
export default defineConfig({
  modes: [
    { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0, graceMs, joinMs, settleMs, rematchMs },
    ...tictactoe.map((mode) => ({ ...mode, countdownMs, graceMs, joinMs, rematchMs })),
  ],
})
