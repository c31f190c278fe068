import type { MatchRoom, Muster } from '../../../../src/client/client.ts'
import type { Answer } from '../check/history.ts'
import type { Bot } from './bot.ts'

const AGAIN_MS = 60
const LOOK_MS = 1_000

type Ask = Muster['match']['ask']

/** A bot at a match. */
export interface Seat {
  bot: Bot
  matchId: string
  room: MatchRoom
  /** The client has heard the last of this match. */
  isClosed(): boolean
}

export const stateOf = ({ room, isClosed }: Seat): string => (isClosed() ? 'closed' : room.view.state)

/** Nothing is left to play. */
export function isOver(seat: Seat): boolean {
  const state = stateOf(seat)
  return state === 'ended' || state === 'closed'
}

/** Repeats a request until its outcome is final; null when the match is closed before. */
export async function retryWhileRefused(
  seat: Seat,
  event: Parameters<Ask>[0],
  asking: Parameters<Ask>[1],
): Promise<Answer | null> {
  const { bot, matchId, isClosed } = seat
  const isSeated = () => bot.diary.seatedIn() === matchId
  for (;;) {
    await bot.until(() => isSeated() || isClosed(), LOOK_MS)
    if (isClosed()) return null
    if (!isSeated()) continue
    bot.doing = `${event} in ${matchId}`
    const reply = await bot.match.ask(event, asking)
    if (reply.ok || !(reply.error.retryable || reply.error.code === 'NOT_IN_MATCH')) return reply
    await bot.until(isClosed, AGAIN_MS)
  }
}

// A connection that breaks right behind an action, as in a lift: often the action arrives, and its ack does not.
const LIFT = { chance: 0.03, mostMs: 6 }

// Not while it is being opened: then it would be waited for.
function hangUp({ muster: { match } }: Bot): void {
  if (match.socket.connected) match.socket.io.engine.close()
}

/** An action with an id and a number, repeated until it is answered. */
export function act(seat: Seat, type: string, more: object = {}) {
  const { bot } = seat
  bot.count += 1
  if (bot.dice() < LIFT.chance) setTimeout(() => hangUp(bot), bot.dice() * LIFT.mostMs)
  return retryWhileRefused(seat, 'match:act', { type, data: { n: bot.count, ...more }, id: `${bot.name}-${bot.count}` })
}

/** Waits for about as long as the run says. Uneven, so that bots do not act in step. */
export const pause = ({ bot, isClosed }: Seat): Promise<unknown> =>
  bot.until(isClosed, bot.run.gapMs * (0.5 + bot.dice()))
