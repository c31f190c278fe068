import { connect, type Muster } from '../../../src/client/client.ts'
import { createRecheck } from '../ledger/recheck.ts'
import type { Run } from '../run.ts'

/** A seat that waits for the bot. */
export interface Offer {
  matchId: string
  seat: number
}

/** One player without a face: a user of the client, and of nothing else. */
export interface Bot {
  readonly id: string
  readonly muster: Muster
  readonly offers: Offer[]
  isQueued: boolean
  /** Its connection broke, and with it all that it waited for. */
  isGone: boolean
  /** Something changed: every waiting check runs again. */
  beat(): void
  /** Resolves once the check holds, after `ms`, or when the connection breaks; tells whether it holds. */
  until(isTrue: () => boolean, ms: number): Promise<boolean>
}

/** Resolves when the bot is in both namespaces; rejects with a `ConnectError` when it is refused. */
export async function connectBot(url: string, name: string, run: Run): Promise<Bot> {
  const muster = await connect(url, { name })
  const { beat, until } = createRecheck()
  const bot: Bot = {
    id: muster.session.playerId,
    muster,
    offers: [],
    isQueued: false,
    isGone: false,
    beat,
    until: (isTrue, ms) => until(() => bot.isGone || isTrue(), ms).then(isTrue),
  }
  listen(bot, run)
  if (!muster.match.socket.connected) await new Promise<void>((done) => muster.match.socket.once('connect', done))
  return bot
}

// Everything is recorded at once, in the order in which it arrives; the bot processes it later.
function listen(bot: Bot, run: Run): void {
  const { lobby, match } = bot.muster
  const drained = () => {
    run.isDraining = true
    bot.beat()
  }
  const lost = (reason: string) => {
    if (bot.isGone || run.isOver) return
    bot.isGone = true
    run.tickets.excuse(bot.id)
    if (!run.isDraining) run.faults.blame(`a connection was lost (${reason})`)
    bot.beat()
  }
  const refused = ({ event, error }: { event: string; error: { code: string } }) =>
    run.refusals.blame(`${event} ${error.code}`)

  run.matches.admit(bot.id)
  lobby.socket.on('queue:ended', (ending) => {
    run.tickets.ended(bot.id, ending)
    if (ending.reason !== 'matched') bot.isQueued = false
    bot.beat()
  })
  lobby.socket.on('match:found', ({ matchId, seat }) => {
    run.tickets.found(bot.id, matchId)
    run.matches.offered(bot.id, matchId)
    bot.isQueued = false
    bot.offers.push({ matchId, seat })
    bot.beat()
  })
  lobby.socket.on('match:cancelled', ({ matchId, requeued }) => {
    run.matches.over(bot.id, matchId)
    if (requeued) run.tickets.requeued(bot.id)
    bot.isQueued ||= requeued
    bot.beat()
  })
  lobby.socket.on('server:draining', drained).on('refused', refused).on('disconnect', lost)
  match.socket.on('refused', refused).on('disconnect', lost)
}
