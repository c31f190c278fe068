import type { Cancel, Clock, EpochMs } from './ports.ts'

/**
 * Time in which the service could not serve: its loop stood still, or it could store nothing. It counts against nobody.
 * `at` runs its task once `instant` has come in time that was served: later by what was lost meanwhile, after the input
 * that was waiting has been read, and never while nothing can be stored.
 */
export interface ServiceTime extends Clock {
  /** Hears of each outage once it is over, before any task that waited; whoever keeps instants adds it to them. */
  onOutage(heed: (outageMs: number) => void): Cancel
}

/** What lies between the last sign of life of the process before this one, and now. */
export interface Gap {
  /** How long nobody was served, as far as the beats can tell. */
  outageMs: number
  /** By how much the clock was moved meanwhile: negative for one that was set back. */
  jumpMs: number
}

// As long as the longest penalty. A longer gap is taken for a clock that was moved: nobody waits out such a time.
const LONGEST_OUTAGE_MS = 15 * 60_000

/** From the last beat on record; no gap where there is none. */
export function gapSince(lastBeat: EpochMs | null, now: EpochMs): Gap {
  if (lastBeat === null) return { outageMs: 0, jumpMs: 0 }
  const outageMs = Math.min(Math.max(0, now - lastBeat), LONGEST_OUTAGE_MS)
  return { outageMs, jumpMs: now - lastBeat - outageMs }
}
