import type { Count } from './count.ts'
import type { CrashPoint } from './disk.ts'
import type { SimulationParts } from './parts.ts'
import { type Service, startService } from './service.ts'
import type { Life } from './timeline.ts'

// Longer than from one sign of life to the next.
const NOTICED_MS = 2_000

type Fault = 'crash' | 'crashAtWrite' | 'stop' | 'partition' | 'fullDisk' | 'badDisk'
interface FaultParts {
  simulation: SimulationParts
  world: Life
  count: Count
}

/** Ends processes in every way there is, and starts the next one. */
export function createFaults({ simulation, world, count }: FaultParts) {
  const { timeline, chance, disk, trace } = simulation
  const superseded = new Set<Life>()
  let current: Service | null = null
  /** Since when nobody has been let in; a process that never came up changes nothing about it. */
  let downSince = timeline.now()
  let outageMs = 0
  let isOver = false

  function boot(): void {
    outageMs = timeline.now() - downSince
    trace(() => `a process starts after ${outageMs} ms`)
    const { service, started } = startService(simulation)
    current = service
    started.catch((fault: unknown) => {
      trace(() => `it could not: ${fault}`)
      if (service.life.state === 'up') crash(service.life)
    })
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

  /** A stop as an operator does it. */
  async function stop(service: Service): Promise<void> {
    trace(() => 'the process stops')
    count.stops += 1
    await service.stop()
    if (service.life.state !== 'up' || current !== service) return
    service.life.state = 'dead'
    gone()
  }

  /** The process stands still, another takes over, and it wakes up again for a while. */
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
    for (const task of life.held.splice(0)) timeline.in(0, task, life)
    timeline.in(
      chance.between(100, 6_000),
      () => {
        life.state = 'dead'
      },
      world,
    )
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

  /** Perhaps strikes soon, or at once: what is on its way then is lost. */
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
    if (fault === 'partition') return partition(current)
    void stop(current)
  }

  /** From now on everything goes well. */
  function cease(): void {
    disk.crashAt = null
    disk.isFull = false
    disk.isUnreadable = false
    isOver = true
    // The next sign of life tells a process that the disk takes again: it holds its deadlines until then.
    timeline.in(NOTICED_MS, () => {}, world)
    if (!current) boot()
    for (const life of superseded) life.state = 'dead'
  }

  /** The process that lets players in, or null. */
  const open = (): Service | null => (current?.openSince != null ? current : null)

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
