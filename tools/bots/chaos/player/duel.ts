import { act, isOver, pause, retryWhileRefused, type Seat, stateOf } from './seat.ts'

const LOOK_MS = 300
/** Every other duel is claimed after so many actions; the others go on until the end of the run. */
const SHORT = 15

const CLAIM = { result: { placements: [[0], [1]] } }

/** Acts, with a relayed message and a pause now and then, until it is time to claim the result. */
export async function playDuel(seat: Seat): Promise<void> {
  const { bot } = seat
  const isShort = isEven(seat.matchId)
  for (let done = 0; !isOver(seat) && !bot.run.isSettling; ) {
    const state = stateOf(seat)
    if (state === 'settling' || (state === 'playing' && isShort && done >= SHORT)) await claim(seat)
    else if (state === 'playing') {
      await doSomething(seat)
      done += 1
    } else if (state === 'paused') await resume(seat)
    else await bot.until(() => stateOf(seat) !== state, LOOK_MS)
  }
}

async function doSomething(seat: Seat): Promise<void> {
  const { bot } = seat
  const fate = bot.dice()
  if (fate < 0.85) await act(seat, 'tick')
  else if (fate < 0.98) await say(seat)
  else await bot.match.ask('match:pause', {})
  await pause(seat)
}

// Not repeated: without a reply the bot cannot tell whether the earlier value was its own.
async function say({ bot, room }: Seat): Promise<void> {
  const ifVersion = room.view.properties.word?.version ?? 0
  bot.count += 1
  await bot.match.ask('match:set', { key: 'word', value: `${bot.name} ${bot.count}`, ifVersion })
}

// Only the player who paused can resume; without a reply the bot may not know who that was.
async function resume(seat: Seat): Promise<void> {
  await pause(seat)
  await retryWhileRefused(seat, 'match:resume', {})
}

async function claim(seat: Seat): Promise<void> {
  await retryWhileRefused(seat, 'match:finish', CLAIM)
  await seat.bot.until(() => isOver(seat) || seat.bot.run.isSettling, LOOK_MS)
}

/** The same for all members of a match. */
export const isEven = (matchId: string): boolean =>
  [...matchId].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % 2 === 0
