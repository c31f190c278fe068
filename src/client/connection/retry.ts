import type { Refusal, Reply } from '../../protocol/reply.ts'
import { unlessAborted } from './connection-line.ts'

const RETRY_MS = 1_000
const TIMEOUT_MS = 60_000
// After these refusals the request may have happened, or may still happen.
const UNDECIDED = new Set(['UNAVAILABLE', 'OVERLOADED', 'NOT_IN_MATCH', 'RATE_LIMITED', 'DRAINING'])

interface RetryOptions {
  signal?: AbortSignal | undefined
  timeoutMs?: number
  /** Whether a retry can no longer be answered. */
  isPointless: () => boolean
}

/** Retries a request until its outcome is known; at the time limit it resolves with the last refusal. */
export async function retryUntilSettled<T extends object>(
  ask: () => Promise<Reply<T> | Refusal>,
  { signal, timeoutMs = TIMEOUT_MS, isPointless }: RetryOptions,
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
