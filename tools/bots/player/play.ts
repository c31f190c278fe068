import type { Run } from '../run.ts'
import type { Bot, Offer } from './bot.ts'
import { type Exchange, exchange } from './exchange.ts'
import { readMessage } from './message.ts'
import { retryWhileRefused } from './retry.ts'

const JOIN_MS = 10_000
const BEGIN_MS = 30_000
const LEAVE_MS = 5_000
const BEFORE_PLAY: ReadonlySet<string> = new Set(['gathering', 'countdown'])

/** Takes the seat, waits for the match to begin, exchanges messages and leaves. */
export async function play(bot: Bot, run: Run, offer: Offer): Promise<void> {
  const page = run.ledger.open(offer.matchId)
  let isClosed = false

  function hear(fromSeat: number, data: unknown): void {
    const message = readMessage(data, { ...offer, fromSeat })
    if (!message) page.strayed()
    else if (page.heard(offer.seat, message)) run.record(performance.now() - message.at)
    bot.beat()
  }
  const listener = {
    changed: () => bot.beat(),
    message: hear,
    closed() {
      isClosed = true
      bot.beat()
    },
  }
  const join = () => bot.muster.joinMatch(offer.matchId, listener)
  const room = await retryWhileRefused({ bot, run, ms: JOIN_MS }, 'match:join', join)
  if (room.ok) {
    const state = () => (isClosed ? 'closed' : room.view.state)
    await playOut({ bot, run, room, page, state })
    if (state() !== 'closed' && !bot.isGone)
      await retryWhileRefused({ bot, run, ms: LEAVE_MS }, 'match:leave', room.leave)
  }
  run.ledger.close(offer.matchId)
  run.matches.over(bot.id, offer.matchId)
}

async function playOut(parts: Exchange): Promise<void> {
  const { bot, run, room, state } = parts
  await bot.until(() => !BEFORE_PLAY.has(state()), BEGIN_MS)
  if (state() === 'playing') {
    run.matches.played(bot.id, room.seat, room.view)
    await exchange(parts)
  } else if (BEFORE_PLAY.has(state()) && !bot.isGone) {
    run.faults.blame(`a match did not begin within ${BEGIN_MS / 1000} s`)
  }
}
