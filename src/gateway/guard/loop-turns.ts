import type { Elapsed, Log } from '../../ports.ts'

type Job = () => void
interface QueuedJob {
  job: Job
  isHeavy: boolean
}

/** How long jobs may run in one turn of the event loop. Node accepts one new connection a turn. */
const SLICE_MS = 2
/** The part of a slice that light jobs may take while heavy ones wait. */
const LIGHT_MS = 1.5

export interface LoopTurnsParts {
  elapsed: Elapsed
  /** Called whenever the loop makes progress. */
  progressed?: (() => void) | undefined
  log: Log
}

/**
 * A fair queue on the event loop. A job runs at once while the current turn has time left; later jobs wait. Owners take
 * turns, one job each; an owner's jobs run in order. The loop turns between slices, so that all other I/O goes on.
 * Light jobs run before heavy ones, which keep a share of each slice.
 */
export function createLoopTurns({ elapsed, progressed = () => {}, log }: LoopTurnsParts) {
  const waiting = new Map<unknown, QueuedJob[]>()
  /** Owners by the kind of their next job, in the order they are served. */
  const light = new Set<unknown>()
  const heavy = new Set<unknown>()
  /** Owners that ran a job at once in this turn of the loop. */
  const served = new Set<unknown>()
  let began = 0
  let isDraining = false

  function run(owner: unknown, job: Job, { isHeavy = false } = {}): void {
    if (waiting.has(owner)) return enqueue(owner, { job, isHeavy })
    if (served.size === 0) beginTurn()
    if (!isDraining && !served.has(owner) && elapsed() - began < SLICE_MS) {
      served.add(owner)
      return job()
    }
    enqueue(owner, { job, isHeavy })
  }

  function enqueue(owner: unknown, queued: QueuedJob): void {
    const jobs = waiting.get(owner)
    if (jobs) return void jobs.push(queued)
    waiting.set(owner, [queued])
    schedule(owner)
    if (!isDraining) void drain()
  }

  function beginTurn(): void {
    began = elapsed()
    // Any entry marks the turn as begun; `waiting` is never an owner.
    served.add(waiting)
    setImmediate(() => served.clear())
  }

  async function drain(): Promise<void> {
    isDraining = true
    while (waiting.size > 0) {
      await nextTurn()
      progressed()
      await serveSome()
    }
    isDraining = false
  }

  async function serveSome(): Promise<void> {
    const start = elapsed()
    let hasServedHeavy = false
    const isOver = () => elapsed() - start >= SLICE_MS && (hasServedHeavy || heavy.size === 0)
    do {
      const isLightsTurn = heavy.size === 0 || elapsed() - start < LIGHT_MS
      const kind = light.size > 0 && isLightsTurn ? light : heavy
      hasServedHeavy ||= kind === heavy
      serveNext(kind)
      // Promise callbacks of the job count as part of it.
      await afterMicrotasks()
    } while (waiting.size > 0 && !isOver())
  }

  function serveNext(kind: Set<unknown>): void {
    const [owner] = kind
    kind.delete(owner)
    const jobs = waiting.get(owner) ?? []
    const next = jobs.shift()
    if (jobs.length > 0) schedule(owner)
    else waiting.delete(owner)
    try {
      next?.job()
    } catch (err) {
      log.error({ err }, 'queued job failed')
    }
  }

  function schedule(owner: unknown): void {
    const kind = waiting.get(owner)?.[0]?.isHeavy ? heavy : light
    kind.add(owner)
  }

  return {
    run,
    /** Runs the job in a later turn, as heavy work: for the rest of what is too long for one turn. */
    later: (owner: unknown, job: Job): void => enqueue(owner, { job, isHeavy: true }),
    /** Discards an owner's waiting jobs. */
    withdraw(owner: unknown): void {
      waiting.delete(owner)
      light.delete(owner)
      heavy.delete(owner)
    },
    /** How many jobs an owner has waiting. */
    waitingFor: (owner: unknown): number => waiting.get(owner)?.length ?? 0,
  }
}

export type LoopTurns = ReturnType<typeof createLoopTurns>

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
// `nextTick` from a promise callback runs after all pending microtasks.
const afterMicrotasks = () => new Promise<void>((resolve) => process.nextTick(resolve))
