import { Worker } from 'node:worker_threads'
import type { Cancel, Clock } from './ports.ts'

const BEAT_MS = 1_000
/** How long a loop may stand still. Garbage collection and a busy machine take a second at the worst. */
const LONGEST_STILL_MS = 10_000
const MAX_NAME_BYTES = 256

/** What the two threads share: a counter that moves while the loop does, and what the loop is at work on. */
export interface Shared {
  beats: Int32Array
  name: Uint8Array
}
export interface Watchdog {
  /** Says what the loop works on from now on, for the note it would leave; '' when nothing special. */
  working(on: string): void
  stop: Cancel
}

interface WatchdogParts {
  clock: Clock
  notePath: string | null
  longestStillMs?: number
}

/**
 * Ends the process when its loop stands still, from a thread of its own: nothing else could. What was at work then is
 * noted in `notePath`, so that the next start can tell who did it.
 */
export function startWatchdog({ clock, notePath, longestStillMs = LONGEST_STILL_MS }: WatchdogParts): Watchdog {
  const shared: Shared = {
    beats: new Int32Array(new SharedArrayBuffer(4)),
    name: new Uint8Array(new SharedArrayBuffer(MAX_NAME_BYTES)),
  }
  const workerData = { shared, notePath, longestStillMs }
  const worker = new Worker(new URL('./watchdog-worker.ts', import.meta.url), { workerData })
  worker.unref()
  const encoder = new TextEncoder()
  let cancel: Cancel = () => {}
  const beat = () => {
    Atomics.add(shared.beats, 0, 1)
    cancel = clock.at(clock.now() + BEAT_MS, beat)
  }
  beat()
  return {
    working(on) {
      const { written } = encoder.encodeInto(on, shared.name)
      if (written < MAX_NAME_BYTES) shared.name[written] = 0
    },
    stop() {
      cancel()
      void worker.terminate()
    },
  }
}
