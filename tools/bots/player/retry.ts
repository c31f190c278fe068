import type { MatchRoom, Muster } from '../../../src/client/client.ts'
import type { Run } from '../run.ts'
import type { Bot } from './bot.ts'

const RETRY_MS = 500

type Refusal = Exclude<Awaited<ReturnType<Muster['joinMatch']>>, MatchRoom>

/** Repeats a request while its refusal is retryable, for at most `ms`. */
export async function retryWhileRefused<Answer extends { ok: true }>(
  { bot, run, ms }: { bot: Bot; run: Run; ms: number },
  event: string,
  ask: () => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const giveUpAt = performance.now() + ms
  for (;;) {
    const reply = await ask()
    if (reply.ok) return reply
    const { code, retryable, retryAfterMs = RETRY_MS } = reply.error
    run.refusals.blame(`${event} ${code}`)
    const timeLeft = giveUpAt - performance.now()
    if (!retryable || bot.isGone || run.isDraining || timeLeft <= 0) return reply
    await bot.until(() => run.isDraining, Math.min(retryAfterMs, timeLeft))
  }
}
