import type { Cancel, Clock, EpochMs } from '../ports.ts'

type Heed = (outageMs: number) => void

/** A clock that notices when the process stood still: frozen, asleep, or busy with one thing for too long. */
export interface SteadyClock extends Clock {
  /** Hears of each stall as soon as anybody asks for the time, before any task that had become due. */
  onStall(heed: Heed): Cancel
}

/**
 * Time in which the service could serve. What is lost because it stood still, or could store nothing, counts against
 * nobody: `at` runs its task later by as much, and never while nothing can be stored.
 */
export interface ServiceTime extends Clock {
  /** Hears of each outage once it is over, before any task that waited; whoever keeps instants adds it to them. */
  onOutage(heed: Heed): Cancel
}

/** For who needs nothing but a clock: a service that always serves. */
export const alwaysServing = (clock: Clock): ServiceTime => ({
  now: () => clock.now(),
  at: (instant, task) => clock.at(instant, task),
  onOutage: () => () => {},
})

/** What lies between the last sign of life of the process before this one, and now. */
export interface Gap {
  /** How long nobody was served, as far as the beats can tell. */
  outageMs: number
  /** By how much the clock was moved meanwhile: negative for one that was set back. */
  jumpMs: number
}

// As long as the longest penalty. A longer gap is taken for a clock that was moved: nobody waits out such a time.
const LONGEST_OUTAGE_MS = 15 * 60_000

// Less is no clock that was moved: the two are read one after the other.
const LEAST_JUMP_MS = 1_000

/** For how long a machine has been up since a start of its: a clock that nobody can set. */
export interface Uptime {
  start: string
  ms: number
}

/** How long it is since then; null when the machine has been started anew, or says nothing about it. */
export const elapsedSince = (then: Uptime | null, now: Uptime | null): number | null =>
  then && now?.start === then.start ? now.ms - then.ms : null

/**
 * From the last beat on record; no gap where there is none. `elapsedMs` is how long it truly was, where the machine says
 * so; without it a gap that is too long is taken for a clock that was moved.
 */
export function gapSince(lastBeat: EpochMs | null, now: EpochMs, elapsedMs: number | null = null): Gap {
  if (lastBeat === null) return { outageMs: 0, jumpMs: 0 }
  const shownMs = now - lastBeat
  const isMoved = elapsedMs !== null && Math.abs(shownMs - elapsedMs) >= LEAST_JUMP_MS
  const longestMs = elapsedMs === null ? LONGEST_OUTAGE_MS : Number.POSITIVE_INFINITY
  const outageMs = Math.max(0, isMoved ? elapsedMs : Math.min(shownMs, longestMs))
  return { outageMs, jumpMs: shownMs - outageMs }
}
