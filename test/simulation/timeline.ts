import type { Cancel, EpochMs } from '../../src/ports.ts'

/**
 * A simulated process: its tasks run while it is up, wait while it is paused or stalled, and are lost when it dies. The
 * players of a stalled process notice nothing.
 */
export interface Life {
  state: 'up' | 'paused' | 'stalled' | 'dead'
  /** Tasks that became due during a stall, oldest first. */
  held: { run: () => void; kind: Kind }[]
  /** How far its wall clock is ahead of virtual time, in ms. */
  readonly clockOffsetMs: number
  /** The time for which it has stood still so far, in ms. */
  stalledMs: number
}
export const newLife = (clockOffsetMs = 0): Life => ({ state: 'up', held: [], clockOffsetMs, stalledMs: 0 })

/** `timer`: set by the core under test. `heartbeat`: goes on for ever, and nothing waits for it. */
type Kind = 'timer' | 'heartbeat' | 'event'
interface Task {
  at: EpochMs
  order: number
  run: () => void
  life: Life
  kind: Kind
  isOver: boolean
}
const START: EpochMs = Date.UTC(2030, 0, 1)

/** Virtual time: one queue of all future tasks, in order. */
export class Timeline {
  #now = START
  #order = 0
  readonly #heap: Task[] = []
  readonly #waiting: Record<Kind, number> = { timer: 0, heartbeat: 0, event: 0 }

  now = (): EpochMs => this.#now

  /** Runs the task at the instant, or now when that has passed. */
  at(instant: EpochMs, run: () => void, life: Life, kind: Kind = 'event'): Cancel {
    const task = { at: Math.max(instant, this.#now), order: this.#order++, run, life, kind, isOver: false }
    this.#push(task)
    this.#waiting[kind] += 1
    return () => this.#finish(task)
  }

  in(ms: number, run: () => void, life: Life): Cancel {
    return this.at(this.#now + ms, run, life)
  }

  /** Runs the next task and everything that follows from it at once; false when none is left. */
  async step(): Promise<boolean> {
    const task = this.#pop()
    if (!task) return false
    if (task.isOver) return true
    this.#finish(task)
    this.#now = task.at
    if (task.life.state === 'paused' || task.life.state === 'stalled') task.life.held.push(task)
    else if (task.life.state === 'up') {
      task.run()
      await settled()
    }
    return true
  }

  /** Future tasks, without the heartbeat of a process. */
  get pending(): number {
    return this.#waiting.timer + this.#waiting.event
  }
  /** Timers of this process that were set and have neither run nor been cancelled. */
  timersOf(life: Life): number {
    return this.#heap.filter((task) => task.life === life && task.kind === 'timer' && !task.isOver).length
  }

  #finish(task: Task): void {
    if (!task.isOver) this.#waiting[task.kind] -= 1
    task.isOver = true
  }

  #push(task: Task): void {
    const heap = this.#heap
    let at = heap.push(task) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (isBefore(heap[parent] as Task, task)) break
      heap[at] = heap[parent] as Task
      at = parent
    }
    heap[at] = task
  }

  #pop(): Task | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!last || heap.length === 0) return first
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const right = heap[child + 1]
      if (right && isBefore(right, heap[child] as Task)) child += 1
      if (isBefore(last, heap[child] as Task)) break
      heap[at] = heap[child] as Task
      at = child
    }
    heap[at] = last
    return first
  }
}

const isBefore = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Resolves when all promises are settled: nothing here waits for the real world. */
const settled = () => new Promise<void>((done) => setImmediate(done))
