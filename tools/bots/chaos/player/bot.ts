import { connect, type Muster, type Session } from '../../../../src/client/client.ts'
import { createRecheck, type Recheck } from '../../ledger/recheck.ts'
import { type OpenDiary, openDiary } from './diary.ts'
import type { Dice } from './dice.ts'
import { recordedLine } from './recorded-line.ts'

// Much sooner than the client would by itself: the server is never up for long.
const RECONNECT_MS = { least: 50, most: 300 }

/** What all bots of a run are to know. */
export interface Run {
  /** About this long between two actions of a bot. */
  gapMs: number
  /** The last kill is over: nothing new is begun any more. */
  isSettling: boolean
}
export interface BotParts {
  url: string
  name: string
  mode: Mode
  run: Run
  dice: Dice
}
type Mode = 'duel' | 'tictactoe'

/** A bot that plays on through every restart and records everything it receives. */
export interface Bot extends Omit<BotParts, 'url'>, Recheck {
  readonly diary: OpenDiary
  readonly muster: Muster
  readonly lobby: Muster['lobby']
  readonly match: Muster['match']
  /** The match in which the bot has a seat. */
  offer: string | null
  isQueued: boolean
  /** How many actions it has thought of. */
  count: number
  /** What it does, for when it gets stuck at it. */
  doing: string
  /** The bot has finished what it began. */
  isDone: boolean
}

export async function connectBot({ url, ...parts }: BotParts): Promise<Bot> {
  const diary = openDiary()
  const recheck = createRecheck()
  const place: Pick<Bot, 'offer' | 'isQueued'> = { offer: null, isQueued: false }
  let bot: Bot | null = null

  const onSession = ({ resumed }: Session) => {
    diary.session(resumed.match?.matchId ?? null)
    const now = bot ?? place
    now.offer = resumed.match?.matchId ?? now.offer
    now.isQueued = resumed.ticket !== undefined
    recheck.beat()
  }
  const muster = await connect(url, { name: parts.name, onSession })
  muster.lobby.socket.io.reconnectionDelay(RECONNECT_MS.least)
  muster.lobby.socket.io.reconnectionDelayMax(RECONNECT_MS.most)
  bot = {
    ...parts,
    ...recheck,
    ...place,
    diary,
    muster,
    lobby: recordedLine(muster.lobby, diary),
    match: recordedLine(muster.match, diary),
    count: 0,
    doing: 'connecting',
    isDone: false,
  }
  listen(bot)
  return bot
}

function listen(bot: Bot): void {
  const { diary, muster, beat } = bot
  muster.lobby.socket
    .on('match:found', ({ matchId }) => {
      diary.told(matchId)
      bot.offer = matchId
      bot.isQueued = false
      beat()
    })
    .on('match:cancelled', ({ matchId, requeued }) => {
      if (bot.offer === matchId) bot.offer = null
      bot.isQueued ||= requeued
      beat()
    })
    .on('queue:ended', ({ reason }) => {
      if (reason !== 'matched') bot.isQueued = false
      beat()
    })
  muster.match.socket
    .on('connect', () => {
      diary.connected()
      beat()
    })
    .on('disconnect', () => {
      diary.disconnected()
      beat()
    })
    .on('match:event', diary.heard)
    .on('match:closed', ({ matchId, outcome }) => diary.closed(matchId, outcome))
}
