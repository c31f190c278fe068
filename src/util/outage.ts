import type { Cancel, Clock, EpochMs } from '../ports.ts'

type Listener = (outageMs: number) => void

/** A clock that notices when the process stood still: frozen, asleep, or busy with one thing for too long. */
export interface SteadyClock extends Clock {
  /** Calls the listener after each stall, at the next reading of the clock and before any due task. */
  onStall(listener: Listener): Cancel
}

/**
 * A clock that counts time in which the service could serve. `at` runs its task later by the length of each outage (the
 * process stood still, or the store failed), and never during one.
 */
export interface ServiceTime extends Clock {
  /** Calls the listener after each outage, before any task that waited. Listeners add the outage to instants they keep. */
  onOutage(listener: Listener): Cancel
}

/** A service time without outages, from a plain clock. */
export const alwaysServing = (clock: Clock): ServiceTime => ({
  now: () => clock.now(),
  at: (instant, task) => clock.at(instant, task),
  onOutage: () => () => {},
})

/** The time between the last heartbeat of the previous process and now. */
export interface Gap {
  /** How long the service was down, as far as the heartbeats show. */
  outageMs: number
  /** By how much the clock was moved since then; negative when it was set back. */
  jumpMs: number
}

// As long as the longest penalty. Without an uptime, a longer gap is taken for a clock that was moved.
const LONGEST_OUTAGE_MS = 15 * 60_000

// Smaller differences come from reading the two clocks one after the other.
const LEAST_JUMP_MS = 1_000

/** How long a machine has been up since a boot: a clock that cannot be set. */
export interface Uptime {
  /** Identifies the boot. */
  start: string
  ms: number
}

/** The time between two uptimes; null when the machine was rebooted or has no uptime. */
export const elapsedSince = (then: Uptime | null, now: Uptime | null): number | null =>
  then && now?.start === then.start ? now.ms - then.ms : null

/**
 * The gap since the last stored heartbeat; zero when there is none. `elapsedMs` is the true time by the machine's uptime;
 * without it, a gap that is too long is taken for a clock that was moved.
 */
export function gapSince(lastBeat: EpochMs | null, now: EpochMs, elapsedMs: number | null = null): Gap {
  if (lastBeat === null) return { outageMs: 0, jumpMs: 0 }
  const shownMs = now - lastBeat
  const isMoved = elapsedMs !== null && Math.abs(shownMs - elapsedMs) >= LEAST_JUMP_MS
  const longestMs = elapsedMs === null ? LONGEST_OUTAGE_MS : Number.POSITIVE_INFINITY
  const outageMs = Math.max(0, isMoved ? elapsedMs : Math.min(shownMs, longestMs))
  return { outageMs, jumpMs: shownMs - outageMs }
}
