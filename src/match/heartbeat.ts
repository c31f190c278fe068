import type { Cancel, Clock, Log } from '../ports.ts'
import type { Uptime } from '../util/outage.ts'
import type { MatchStore } from './match-store.ts'

const BEAT_MS = 1_000

/** Records a sign of life once a second, from which the next start computes the outage. */
export function startHeartbeat(
  store: Pick<MatchStore, 'beat'>,
  clock: Clock,
  log: Log,
  uptime: (() => Uptime | null) | undefined = undefined,
): { stop: Cancel } {
  let cancel: Cancel = () => {}
  let isFailing = false
  const noted = (failed: boolean, fault?: unknown) => {
    if (failed && !isFailing) log.error({ err: fault }, 'store rejects writes')
    if (!failed && isFailing) log.info({}, 'store accepts writes again')
    isFailing = failed
  }
  const beat = () => {
    const now = clock.now()
    store.beat(now, uptime?.()).then(
      () => noted(false),
      (fault: unknown) => noted(true, fault),
    )
    cancel = clock.at(now + BEAT_MS, beat)
  }
  beat()
  return { stop: () => cancel() }
}
