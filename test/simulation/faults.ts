import type { Count } from './count.ts'
import type { CrashPoint } from './disk.ts'
import type { SimulationParts } from './parts.ts'
import { type Service, startService } from './service.ts'
import { type Life, newLife } from './timeline.ts'

// Longer than from one sign of life to the next.
const NOTICED_MS = 2_000

const HOUR_MS = 3_600_000
// A shorter stall is a busy moment.
const LEAST_STALL_MS = 1_001

type Fault = 'crash' | 'crashAtWrite' | 'stop' | 'partition' | 'fullDisk' | 'badDisk' | 'stall'
interface FaultParts {
  simulation: SimulationParts
  world: Life
  count: Count
  /** Called after a stall of a process, before anything in it runs. */
  stalled: (service: Service, ms: number) => void
}

/** Ends processes in every possible way, and starts the next one. */
export function createFaults({ simulation, world, count, stalled }: FaultParts) {
  const { timeline, chance, disk, trace } = simulation
  const superseded = new Set<Life>()
  let current: Service | null = null
  /** The start of the outage; a process that failed to start does not change it. */
  let downSince = timeline.now()
  let outageMs = 0
  let stalledSince = 0
  let clockOffsetMs = 0
  let isOver = false

  function boot(): void {
    outageMs = timeline.now() - downSince
    trace(() => `a process starts after ${outageMs} ms`)
    if (chance.is(0.2)) moveClock()
    const { service, started } = startService(simulation, newLife(clockOffsetMs))
    current = service
    started.catch((fault: unknown) => {
      trace(() => `it could not: ${fault}`)
      if (service.life.state === 'up') crash(service.life)
    })
  }

  function moveClock(): void {
    clockOffsetMs = chance.pick([-HOUR_MS, 0, HOUR_MS])
    trace(() => `the clock is set to ${clockOffsetMs} ms`)
    if (clockOffsetMs !== 0) count.clocks += 1
  }

  function gone(): void {
    if (current?.openSince != null) downSince = timeline.now()
    current = null
    if (isOver) boot()
    else timeline.in(chance.between(20, chance.pick([100, 1_500, 8_000])), boot, world)
  }

  function crash(life: Life): void {
    life.state = 'dead'
    if (current?.life !== life) return
    trace(() => 'the process is killed')
    count.crashes += 1
    gone()
  }

  /** A regular stop. */
  async function stop(service: Service): Promise<void> {
    trace(() => 'the process stops')
    count.stops += 1
    await service.stop()
    if (service.life.state !== 'up' || current !== service) return
    service.life.state = 'dead'
    gone()
  }

  /** The process stands still, another one takes over, and the first wakes up for a while. */
  function partition(service: Service): void {
    trace(() => 'the process is cut off')
    count.partitions += 1
    service.life.state = 'paused'
    superseded.add(service.life)
    gone()
    timeline.in(chance.between(3_000, 12_000), () => wake(service), world)
  }

  function wake({ life }: Service): void {
    trace(() => 'the process that was cut off wakes up')
    life.state = 'up'
    for (const { run } of life.held.splice(0)) timeline.in(0, run, life)
    timeline.in(
      chance.between(100, 6_000),
      () => {
        life.state = 'dead'
      },
      world,
    )
  }

  /** The process stands still unnoticed, and goes on: first its timers run, then it reads the input. */
  function stall(service: Service): void {
    const ms = chance.between(LEAST_STALL_MS, chance.pick([3_000, 20_000, 60_000]))
    trace(() => `the process stands still for ${ms} ms`)
    count.stalls += 1
    service.life.state = 'stalled'
    stalledSince = timeline.now()
    timeline.in(ms, () => goOn(service, stalledSince), world)
  }

  function goOn(service: Service, since: number): void {
    const { life } = service
    if (life.state !== 'stalled') return
    const ms = timeline.now() - since
    trace(() => `the process goes on after ${ms} ms`)
    life.state = 'up'
    life.stalledMs += ms
    if (ms >= LEAST_STALL_MS) stalled(service, ms)
    const held = life.held.splice(0)
    const isTimer = ({ kind }: (typeof held)[number]) => kind !== 'event'
    const all = () => {
      for (const { run } of [...held.filter(isTimer), ...held.filter((task) => !isTimer(task))]) run()
    }
    timeline.in(0, all, life)
  }

  function trouble(kind: 'isFull' | 'isUnreadable'): void {
    trace(() => `the disk ${kind}`)
    count.badDisks += 1
    disk[kind] = true
    const pass = () => {
      trace(() => `the disk ${kind} no more`)
      disk[kind] = false
    }
    timeline.in(chance.between(50, 3_000), pass, world)
  }

  /** Perhaps crashes soon, or at once: messages on their way are lost. */
  function tempt(share: number): void {
    if (!isOver && chance.is(share)) timeline.in(chance.pick([0, 0, 5, 30, 1_000, 5_000]), strike, world)
  }

  function strike(): void {
    const fault = chance.weighted<Fault>({
      crash: 2,
      crashAtWrite: 4,
      stop: 1,
      partition: 1.5,
      fullDisk: 1.5,
      badDisk: 1,
      stall: 1.5,
    })
    if (fault === 'fullDisk') return trouble('isFull')
    if (fault === 'badDisk') return trouble('isUnreadable')
    if (fault === 'crashAtWrite') {
      disk.crashAt = chance.weighted<CrashPoint>({ beforeWrite: 1, afterWrite: 3, tornWrite: 1 })
      if (disk.crashAt === 'tornWrite') count.tornWrites += 1
      return
    }
    if (!current) return
    if (fault === 'crash') return crash(current.life)
    if (current.openSince === null) return
    if (current.life.state === 'stalled') return
    if (fault === 'partition') return partition(current)
    if (fault === 'stall') return stall(current)
    void stop(current)
  }

  /** No more faults from now on. */
  function cease(): void {
    disk.crashAt = null
    disk.isFull = false
    disk.isUnreadable = false
    isOver = true
    if (current?.life.state === 'stalled') goOn(current, stalledSince)
    // A process learns with its next sign of life that the disk works again, and holds its deadlines until then.
    timeline.in(NOTICED_MS, () => {}, world)
    if (!current) boot()
    for (const life of superseded) life.state = 'dead'
  }

  /** The process that accepts players, or null. */
  const open = (): Service | null => (current?.openSince != null && current.life.state === 'up' ? current : null)

  return {
    boot,
    strike,
    tempt,
    cease,
    crash,
    current: () => current,
    open,
    outageMs: () => outageMs,
    isSuperseded: (life: Life) => superseded.has(life),
  }
}
export type Faults = ReturnType<typeof createFaults>
