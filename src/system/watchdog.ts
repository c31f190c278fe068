import { Worker } from 'node:worker_threads'
import type { Cancel, Clock } from '../ports.ts'
import { moduleUrl } from './this-package.ts'

const BEAT_MS = 1_000
/** How much CPU time the main thread may use in one turn of the loop. A process without a processor, or stopped, uses none. */
const LONGEST_BUSY_MS = 10_000
/** How long the main thread may wait within one call, for a disk that does not answer for instance. */
const LONGEST_BLOCKED_MS = 60_000
const MAX_NAME_BYTES = 256

/** Memory of both threads: a counter that moves while the loop does, and what the loop is working on. */
export interface Shared {
  beats: Int32Array
  match: Uint8Array
  mode: Uint8Array
  event: Uint8Array
}
export interface Limits {
  longestBusyMs: number
  longestBlockedMs: number
}
export interface Watchdog {
  /** Sets the match, and its mode, whose rules run from now on, for the watchdog's note; '' for none. */
  working(match: string, mode?: string): void
  /** Sets the event that is being answered. */
  answering(event: string): void
  /** Call whenever the loop makes progress. */
  progressed(): void
  stop: Cancel
}

interface WatchdogParts extends Partial<Limits> {
  clock: Clock
  /** The file for the note that the next start reads; null writes none. */
  notePath: string | null
}

/**
 * Ends the process, from a thread of its own, when the event loop makes no progress. Reports on stderr what the loop was
 * working on, and notes it for the next start.
 */
export function startWatchdog({ clock, notePath, ...limits }: WatchdogParts): Watchdog {
  const shared: Shared = { beats: new Int32Array(new SharedArrayBuffer(4)), match: text(), mode: text(), event: text() }
  const { longestBusyMs = LONGEST_BUSY_MS, longestBlockedMs = LONGEST_BLOCKED_MS } = limits
  const workerData = { shared, notePath, longestBusyMs, longestBlockedMs }
  const worker = new Worker(moduleUrl('./watchdog-worker', import.meta.url), { workerData })
  worker.unref()
  let cancel: Cancel = () => {}
  const progressed = () => void Atomics.add(shared.beats, 0, 1)
  const beat = () => {
    progressed()
    cancel = clock.at(clock.now() + BEAT_MS, beat)
  }
  beat()
  return {
    working(match, mode = '') {
      put(match, shared.match)
      put(mode, shared.mode)
    },
    answering: (event) => put(event, shared.event),
    progressed,
    stop() {
      cancel()
      void worker.terminate()
    },
  }
}

const text = () => new Uint8Array(new SharedArrayBuffer(MAX_NAME_BYTES))
const encoder = new TextEncoder()

function put(name: string, into: Uint8Array): void {
  const { written } = encoder.encodeInto(name, into)
  if (written < MAX_NAME_BYTES) into[written] = 0
}
