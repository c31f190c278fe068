import { AsyncLocalStorage } from 'node:async_hooks'
import { createContext, Script } from 'node:vm'
import type { MatchId } from '../protocol/ids.ts'

// The watch rings by the wall, and is judged by the time that the thread has worked: a machine that stood still, or is
// busy with other things, makes no good step a bad one.
const WATCH_MS = 1_000
const LONGEST_RUN_MS = 900
/** How long the steps of one turn may hold the loop before it turns. */
const SLICE_MS = 5

const context = createContext({ run: () => undefined as unknown })
const call = new Script('run()')
const atWork = new AsyncLocalStorage<MatchId>()
let isWatched = false

interface Job {
  run: () => unknown
  done: (answer: never) => void
  failed: (fault: unknown) => void
  /** How long the thread has worked on it in runs that the watch has ended. */
  workedMs: number
}
let waiting: Job[] = []

const workedMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** V8 stops whatever runs beneath a script once its time is up, functions of ours included. */
function underWatch<T>(run: () => T): T {
  isWatched = true
  context.run = run
  try {
    return call.runInContext(context, { timeout: WATCH_MS }) as T
  } finally {
    isWatched = false
  }
}

const isWatchEnd = (fault: unknown): boolean =>
  (fault as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

const whoseRules = <T>(run: () => T, on: MatchId | undefined) => (on === undefined ? run : () => atWork.run(on, run))

/**
 * Ends rules that loop for ever, and throws. What it runs must be pure: it runs again when the machine stood still. It
 * guards against mistakes, not against hostile code.
 */
export function timedSandbox<T>(run: () => T, on?: MatchId): T {
  const step = whoseRules(run, on)
  // The watch costs more than most rules do: one around a whole step is enough.
  if (isWatched) return step()
  const began = workedMs()
  for (;;) {
    try {
      return underWatch(step)
    } catch (fault) {
      if (!isWatchEnd(fault) || workedMs() - began >= LONGEST_RUN_MS) throw fault
    }
  }
}

/** The same with one watch for all that is to run in this turn of the loop, since V8 starts a thread for each. */
export function sharedSandbox<T>(run: () => T, on: MatchId): Promise<T> {
  return new Promise<T>((done, failed) => {
    if (waiting.length === 0) setImmediate(runWaiting)
    waiting.push({ run: whoseRules(run, on), done, failed, workedMs: 0 })
  })
}

function runWaiting(): void {
  const jobs = waiting
  const next = runSome(jobs)
  waiting = [...jobs.slice(next), ...waiting.slice(jobs.length)]
  if (waiting.length > 0) setImmediate(runWaiting)
}

/** Runs jobs for a slice of time; returns how many of them are settled. */
function runSome(jobs: readonly Job[]): number {
  const began = workedMs()
  let current = began
  let n = 0
  try {
    underWatch(() => {
      for (const job of jobs) {
        settle(job)
        n += 1
        current = workedMs()
        if (current - began >= SLICE_MS) return
      }
    })
  } catch (fault) {
    // Nothing else gets here: what a job throws is the job's.
    const job = jobs[n]
    if (!job) return n
    job.workedMs += workedMs() - current
    if (job.workedMs >= LONGEST_RUN_MS) {
      job.failed(fault)
      n += 1
    }
  }
  return n
}

function settle({ run, done, failed }: Job): void {
  try {
    done(run() as never)
  } catch (fault) {
    failed(fault)
  }
}

/** The match whose rules have started what is running now, a timer or a promise that nobody waits for; else undefined. */
export const startedByRulesOf = (): MatchId | undefined => atWork.getStore()
