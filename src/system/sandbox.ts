import { AsyncLocalStorage } from 'node:async_hooks'
import { createContext, Script } from 'node:vm'
import type { MatchId } from '../protocol/ids.ts'

// V8's timeout runs by the wall clock, but a step fails by the CPU time of the thread: a machine that stood still or was
// busy makes no good step fail.
const TIMEOUT_MS = 1_000
const MAX_CPU_MS = 900
/** How long steps may run in one turn of the event loop. */
const SLICE_MS = 5

const context = createContext({ run: () => undefined as unknown })
const call = new Script('run()')
const currentMatch = new AsyncLocalStorage<MatchId>()
let isTimed = false

interface Job {
  run: () => unknown
  done: (answer: never) => void
  failed: (fault: unknown) => void
  /** CPU time of its runs that timed out. */
  cpuMs: number
}
let waiting: Job[] = []

const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Runs a function with V8's timeout for scripts, which also stops functions that the script calls. */
function withTimeout<T>(run: () => T): T {
  isTimed = true
  context.run = run
  try {
    return call.runInContext(context, { timeout: TIMEOUT_MS }) as T
  } finally {
    isTimed = false
  }
}

const isTimeout = (fault: unknown): boolean =>
  (fault as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

const onBehalfOf = <T>(match: MatchId | undefined, run: () => T) =>
  match === undefined ? run : () => currentMatch.run(match, run)

/**
 * Runs a step of a game's rules; throws when it uses 900 ms of CPU time. The step must be pure: it runs again after a
 * timeout that the machine caused. Guards against mistakes, not against hostile code.
 */
export function timedSandbox<T>(run: () => T, on?: MatchId): T {
  const step = onBehalfOf(on, run)
  // A timeout costs more than most rules, so nested calls share the outer one.
  if (isTimed) return step()
  const began = threadCpuMs()
  for (;;) {
    try {
      return withTimeout(step)
    } catch (fault) {
      if (!isTimeout(fault) || threadCpuMs() - began >= MAX_CPU_MS) throw fault
    }
  }
}

/** The same for steps that may wait a turn of the loop: they share one timeout, since V8 starts a thread for each. */
export function sharedSandbox<T>(run: () => T, on: MatchId): Promise<T> {
  return new Promise<T>((done, failed) => {
    if (waiting.length === 0) setImmediate(runWaiting)
    waiting.push({ run: onBehalfOf(on, run), done, failed, cpuMs: 0 })
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
  const began = threadCpuMs()
  let current = began
  let n = 0
  try {
    withTimeout(() => {
      for (const job of jobs) {
        settle(job)
        n += 1
        current = threadCpuMs()
        if (current - began >= SLICE_MS) return
      }
    })
  } catch (fault) {
    // Only a timeout gets here: `settle` catches what a job throws.
    const job = jobs[n]
    if (!job) return n
    job.cpuMs += threadCpuMs() - current
    if (job.cpuMs >= MAX_CPU_MS) {
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

/** The match whose rules started the timer or promise that runs now; undefined for all other code. */
export const startedByRulesOf = (): MatchId | undefined => currentMatch.getStore()
