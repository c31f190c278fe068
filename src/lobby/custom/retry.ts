import type { Cancel, Clock, Log } from '../../ports.ts'
import { NotStored } from './commit.ts'

const RETRY_MS = 1_000

interface RetryParts {
  isStopped: () => boolean
  clock: Clock
  log: Log
}
export type Retry = ReturnType<typeof createRetry>

/** Repeats a change that has to happen until the store takes it. A bug would fail again, so it is logged once. */
export function createRetry({ isStopped, clock, log }: RetryParts) {
  const waiting = new Set<Cancel>()

  function untilStored(work: () => Promise<void>): void {
    work().catch((err: unknown) => {
      if (isStopped()) return
      if (!(err instanceof NotStored)) return log.error({ err }, 'lobby could not follow')
      log.warn({}, 'lobby could not be stored, trying again')
      later(() => untilStored(work))
    })
  }

  function later(task: () => void): void {
    const cancel = clock.at(clock.now() + RETRY_MS, () => {
      waiting.delete(cancel)
      task()
    })
    waiting.add(cancel)
  }

  return {
    untilStored,
    stop(): void {
      for (const cancel of waiting) cancel()
    },
  }
}
