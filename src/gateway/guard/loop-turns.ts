import type { Elapsed, Log } from '../../ports.ts'

type Job = () => void

/** How long the jobs of one kind may hold the loop before it turns. */
const SLICE_MS = 4

export interface LoopTurnsParts {
  elapsed: Elapsed
  /** Told whenever the loop has come round. */
  progressed?: (() => void) | undefined
  log: Log
}

/**
 * Shares the loop between many who want much: a job is done at once while the loop is quick, and has to wait its turn
 * when it is not. Whoever has jobs waiting gets one done in each round, in the order they came; everything else that
 * the loop has to do goes on between the turns.
 */
export function createLoopTurns({ elapsed, progressed = () => {}, log }: LoopTurnsParts) {
  const waiting = new Map<unknown, Job[]>()
  /** Who has had a job done at once in this turn of the loop. */
  const served = new Set<unknown>()
  let began = 0
  let isDraining = false

  function run(who: unknown, job: Job): void {
    const queue = waiting.get(who)
    if (queue) return void queue.push(job)
    if (served.size === 0) beginTurn()
    if (!isDraining && !served.has(who) && elapsed() - began < SLICE_MS) {
      served.add(who)
      return job()
    }
    later(who, job)
  }

  function later(who: unknown, job: Job): void {
    const queue = waiting.get(who)
    if (queue) return void queue.push(job)
    waiting.set(who, [job])
    if (!isDraining) void drain()
  }

  function beginTurn(): void {
    began = elapsed()
    // At the end of the turn, but only once: `served` is empty until then.
    served.add(waiting)
    setImmediate(() => served.clear())
  }

  async function drain(): Promise<void> {
    isDraining = true
    while (waiting.size > 0) {
      await nextTurn()
      progressed()
      const start = elapsed()
      do {
        next()
        // What a job has set going without waiting for anything is part of it.
        await allThatFollows()
      } while (waiting.size > 0 && elapsed() - start < SLICE_MS)
    }
    isDraining = false
  }

  function next(): void {
    for (const [who, [job, ...more]] of waiting) {
      waiting.delete(who)
      if (more.length > 0) waiting.set(who, more)
      try {
        return job?.()
      } catch (err) {
        return log.error({ err }, 'a job failed in its turn')
      }
    }
  }

  return {
    run,
    /** Has the job done after a turn of the loop, however quick that is. */
    later,
    /** Takes what waits for someone out, undone. */
    withdraw(who: unknown): readonly Job[] {
      const jobs = waiting.get(who) ?? []
      waiting.delete(who)
      return jobs
    },
    waitingFor: (who: unknown): number => waiting.get(who)?.length ?? 0,
  }
}

export type LoopTurns = ReturnType<typeof createLoopTurns>

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
// A tick that is asked for by a promise comes after all promises that can settle now.
const allThatFollows = () => new Promise<void>((resolve) => process.nextTick(resolve))
