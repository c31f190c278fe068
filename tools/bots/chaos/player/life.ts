import type { MatchRoom } from '../../../../src/client/client.ts'
import { joinMatch } from '../../../../src/client/match/match-room.ts'
import type { Answer } from '../check/history.ts'
import type { Bot } from './bot.ts'
import { isEven, playDuel } from './duel.ts'
import { isOver, retryWhileRefused, type Seat } from './seat.ts'
import { playTicTacToe } from './tictactoe.ts'

const LOOK_MS = 500
const AGAIN_MS = 100
const REMATCH_MS = 2_000

/** Queues, plays and repeats that until the run ends. */
export async function live(bot: Bot): Promise<void> {
  do {
    const matchId = await seek(bot)
    if (matchId) await play(bot, matchId)
  } while (!bot.run.isSettling)
  bot.isDone = true
}

/** The next match; null at the end of the run. */
async function seek(bot: Bot): Promise<string | null> {
  const { lobby, run } = bot
  const isConnected = () => lobby.socket.connected
  while (!bot.offer) {
    bot.doing = bot.isQueued ? 'waiting for a match' : 'queueing'
    await bot.until(() => bot.offer !== null || (!bot.isQueued && isConnected()), LOOK_MS)
    if (bot.offer || !isConnected()) continue
    if (run.isSettling) return lastOffer(bot)
    if (!bot.isQueued) await queue(bot)
  }
  return bot.offer
}

async function queue(bot: Bot): Promise<void> {
  const reply = await bot.lobby.ask('queue:join', { mode: bot.mode })
  bot.isQueued = reply.ok || reply.error.code === 'ALREADY_QUEUED'
  // A player who is in a match already will be told so.
  if (!bot.isQueued) await bot.until(() => bot.offer !== null, AGAIN_MS)
}

/** What the session, which is on its way after a reconnect, still says is the bot's. */
async function lastOffer(bot: Bot): Promise<string | null> {
  await bot.until(() => bot.offer !== null, LOOK_MS)
  return bot.offer
}

async function play(bot: Bot, matchId: string): Promise<void> {
  let isClosed = false
  const close = () => {
    isClosed = true
    bot.beat()
  }
  const room = await enter(bot, matchId, { changed: bot.beat, closed: close })
  if (room) {
    const seat = { bot, matchId, room, isClosed: () => isClosed }
    await (bot.mode === 'duel' ? playDuel(seat) : playTicTacToe(seat))
    await readWholeLog(seat)
    if (bot.run.isSettling) return
    await (isOver(seat) && !isClosed ? goOn(seat) : undefined)
  }
  if (bot.offer === matchId) bot.offer = null
  bot.isQueued = false
}

/** Takes the seat, through any number of restarts; null when it is lost. */
async function enter(bot: Bot, matchId: string, listener: Parameters<typeof joinMatch>[2]): Promise<MatchRoom | null> {
  bot.doing = `entering ${matchId}`
  for (;;) {
    const room = await joinMatch(bot.match, matchId, listener)
    if (room.ok) return room
    if (!room.error.retryable) return null
    await bot.until(() => false, AGAIN_MS)
  }
}

/** Plays a rematch or queues again. In both cases the bot leaves the match: with a seat it would be sent back there. */
async function goOn(seat: Seat): Promise<void> {
  const { bot, matchId, room } = seat
  const next = isEven(matchId) ? await agreeOnRematch(seat) : undefined
  if (next) {
    bot.diary.told(next)
    bot.offer = next
  }
  bot.doing = `leaving ${matchId}`
  await room.leave()
}

/** The next match, or undefined when there is none. */
async function agreeOnRematch(seat: Seat): Promise<string | undefined> {
  const { bot, room, isClosed } = seat
  await retryWhileRefused(seat, 'match:rematch', { accept: true })
  await bot.until(() => room.view.rematch?.matchId !== undefined || isClosed(), REMATCH_MS)
  const looked = await retryWhileRefused(seat, 'match:sync', { since: { epoch: 1, seq: 0 } })
  return (looked?.match ?? room.view).rematch?.matchId
}

/** Fetches the whole log, to compare it with the lines heard live. */
async function readWholeLog(seat: Seat): Promise<void> {
  for (let epoch = 1; ; ) {
    const reply: Answer | null = await retryWhileRefused(seat, 'match:sync', { since: { epoch, seq: 0 } })
    if (reply?.epoch === undefined || reply.epoch === epoch) return
    epoch = reply.epoch
  }
}
