import type { Run } from '../run.ts'
import type { Bot, Offer } from './bot.ts'
import { play } from './play.ts'
import { retryWhileRefused } from './retry.ts'

// What the server owes at once may still take this long on a busy machine.
const NEWS_MS = 5_000

const timeLeft = (run: Run) => run.endsAt - performance.now()

/** Queues, plays and repeats that until the run is over. */
export async function live(bot: Bot, run: Run): Promise<void> {
  for (let offer = await seek(bot, run); offer; offer = await seek(bot, run)) await play(bot, run, offer)
}

/** The next seat, or null at the end of the run. */
async function seek(bot: Bot, run: Run): Promise<Offer | null> {
  const isFound = () => bot.offers.length > 0
  const isThrough = () => bot.isGone || run.isDraining || timeLeft(run) <= 0
  while (!isFound() && !isThrough()) {
    if (!bot.isQueued && !(await queue(bot, run))) return null
    await bot.until(() => isFound() || !bot.isQueued || run.isDraining, timeLeft(run))
  }
  if (bot.isQueued && !bot.isGone) await withdraw(bot, run)
  return bot.offers.shift() ?? null
}

/** Whether it is worth waiting for a match. */
async function queue(bot: Bot, run: Run): Promise<boolean> {
  // Set first: the ticket may have ended before its reply is looked at.
  bot.isQueued = true
  const ask = () => bot.muster.queue.join({ mode: run.mode })
  const reply = await retryWhileRefused({ bot, run, ms: timeLeft(run) }, 'queue:join', ask)
  if (reply.ok) {
    run.tickets.joined(bot.id, reply.ticket.id)
    return true
  }
  const { code, retryable } = reply.error
  // After a match that did not come about the server queues the bot by itself, and the news of it may be on the way.
  if (code === 'ALREADY_QUEUED') return true
  if (code === 'ALREADY_IN_MATCH' && (await bot.until(() => bot.offers.length > 0, NEWS_MS))) return true
  bot.isQueued = false
  if (retryable) return true
  run.faults.blame(`a bot gave up: queue:join was refused with ${code}`)
  return false
}

/** Leaves the queue. When that is too late, an offer follows. */
async function withdraw(bot: Bot, run: Run): Promise<void> {
  const ask = () => bot.muster.queue.leave()
  // A server that drains ends all tickets by itself.
  if (!run.isDraining) await retryWhileRefused({ bot, run, ms: NEWS_MS }, 'queue:leave', ask)
  await bot.until(() => !bot.isQueued, NEWS_MS)
}
