import type { MatchRoom } from '../../../src/client/client.ts'
import type { Page } from '../ledger/page.ts'
import type { Run } from '../run.ts'
import type { Bot } from './bot.ts'
import type { Message } from './message.ts'

const EXCHANGE_MS = 3_000
const BARRIER_MS = 5_000

export interface Exchange {
  bot: Bot
  run: Run
  room: MatchRoom
  page: Page
  /** Of the match, at this moment. */
  state(): string
}

/**
 * Sends numbered messages to everyone present, the last one marked, and stays until it has heard everything from the
 * others: leaving earlier would look like lost messages.
 */
export async function exchange({ bot, run, room, page, state }: Exchange): Promise<void> {
  const { seat, view } = room
  const isOff = () => bot.isGone || state() !== 'playing'
  const others = () =>
    room.view.seats.flatMap((other) => (other.status === 'present' && other.seat !== seat ? [other.seat] : []))
  const isStillOwed = ({ seat: other, status }: { seat: number; status: string }) =>
    status === 'present' ? !page.hasAll(seat, other) : page.isOwed(seat, other)
  const hasAll = () => !room.view.seats.some((other) => other.seat !== seat && isStillOwed(other))
  let n = 0

  function send(isLast: boolean): void {
    n += 1
    const message: Message = { matchId: view.matchId, from: seat, n, isLast, at: performance.now() }
    page.sent(message, others())
    room.send(message)
  }

  const endsAt = Math.min(run.endsAt, performance.now() + EXCHANGE_MS)
  const timeLeft = () => endsAt - performance.now()
  do {
    send(false)
    await bot.until(isOff, Math.min(gapMs(run.rate), timeLeft()))
  } while (!isOff() && timeLeft() > 0)
  if (!isOff()) send(true)
  await bot.until(() => isOff() || hasAll(), BARRIER_MS)
  if (isOff() && !bot.isGone && !hasAll()) {
    page.cut()
    if (!run.isDraining) run.faults.blame('a match ended under its players')
  }
}

// Uneven, so that bots who began together do not send in step.
const gapMs = (rate: number) => ((0.5 + Math.random()) * 1000) / rate
