import type { Elapsed, Log } from '../../ports.ts'

type Job = () => void
interface Wish {
  job: Job
  isHeavy: boolean
}

/** How long jobs may hold the loop before it turns. In each turn it accepts one new connection. */
const SLICE_MS = 2
/** How much of that light jobs may have while heavy ones wait. */
const LIGHT_MS = 1.5

export interface LoopTurnsParts {
  elapsed: Elapsed
  /** Told whenever the loop has come round. */
  progressed?: (() => void) | undefined
  log: Log
}

/**
 * Shares the loop between many who want much: a job is done at once while the loop is quick, and has to wait its turn
 * when it is not. Whoever has jobs waiting gets one done in each round, in the order they came; everything else that
 * the loop has to do goes on between the turns. Heavy jobs let light ones pass, but have a share of each turn.
 */
export function createLoopTurns({ elapsed, progressed = () => {}, log }: LoopTurnsParts) {
  const waiting = new Map<unknown, Wish[]>()
  /** Whose next job is of which kind, the next to be served first. */
  const light = new Set<unknown>()
  const heavy = new Set<unknown>()
  /** Who has had a job done at once in this turn of the loop. */
  const served = new Set<unknown>()
  let began = 0
  let isDraining = false

  function run(who: unknown, job: Job, { isHeavy = false } = {}): void {
    if (waiting.has(who)) return wait(who, { job, isHeavy })
    if (served.size === 0) beginTurn()
    if (!isDraining && !served.has(who) && elapsed() - began < SLICE_MS) {
      served.add(who)
      return job()
    }
    wait(who, { job, isHeavy })
  }

  function wait(who: unknown, wish: Wish): void {
    const wishes = waiting.get(who)
    if (wishes) return void wishes.push(wish)
    waiting.set(who, [wish])
    lineUp(who)
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
      // What a job has set going without waiting for anything is part of it.
      await allThatFollows()
    } while (waiting.size > 0 && !isOver())
  }

  function serveNext(kind: Set<unknown>): void {
    const [who] = kind
    kind.delete(who)
    const wishes = waiting.get(who) ?? []
    const wish = wishes.shift()
    if (wishes.length > 0) lineUp(who)
    else waiting.delete(who)
    try {
      wish?.job()
    } catch (err) {
      log.error({ err }, 'a job failed in its turn')
    }
  }

  function lineUp(who: unknown): void {
    const line = waiting.get(who)?.[0]?.isHeavy ? heavy : light
    line.add(who)
  }

  return {
    run,
    /** Has the rest of what is too much for one turn done in another one, as heavy work. */
    later: (who: unknown, job: Job): void => wait(who, { job, isHeavy: true }),
    /** Takes what waits for someone out, undone. */
    withdraw(who: unknown): void {
      waiting.delete(who)
      light.delete(who)
      heavy.delete(who)
    },
    waitingFor: (who: unknown): number => waiting.get(who)?.length ?? 0,
  }
}

export type LoopTurns = ReturnType<typeof createLoopTurns>

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
// A tick that is asked for by a promise comes after all promises that can settle now.
const allThatFollows = () => new Promise<void>((resolve) => process.nextTick(resolve))
