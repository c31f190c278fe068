import type { Refusal, Reply } from '../protocol/reply.ts'
import { unlessAborted } from './connection-line.ts'

const RETRY_MS = 1_000
const TIMEOUT_MS = 60_000
// Refusals that say nothing about the request itself: it may have happened, or may happen yet.
const UNDECIDED = new Set(['UNAVAILABLE', 'OVERLOADED', 'NOT_IN_MATCH', 'RATE_LIMITED', 'DRAINING'])

interface InsistOptions {
  signal?: AbortSignal | undefined
  timeoutMs?: number
  /** Whether there is nobody left who could answer. */
  isPointless: () => boolean
}

/** Asks until the reply says what has become of the request, or the time is up: then that is the last refusal. */
export async function retryUntilSettled<T extends object>(
  ask: () => Promise<Reply<T> | Refusal>,
  { signal, timeoutMs = TIMEOUT_MS, isPointless }: InsistOptions,
): Promise<Reply<T>> {
  const giveUpAt = Date.now() + timeoutMs
  for (;;) {
    const reply = await ask()
    if (reply.ok || isPointless() || !UNDECIDED.has(reply.error.code)) return reply
    const waitMs = reply.error.retryAfterMs ?? RETRY_MS
    if (Date.now() + waitMs > giveUpAt) return reply
    const pause = new Promise<void>((resolve) => setTimeout(resolve, waitMs))
    await (signal ? unlessAborted(pause, signal) : pause)
    if (isPointless()) return reply
  }
}
