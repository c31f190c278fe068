import { Rate } from '../estimates/arrival-rate.ts'
import type { Density } from '../estimates/density.ts'
import { type Growth, growthOf } from '../estimates/tolerance.ts'
import type { ModePlan } from '../mode-plan.ts'
import type { Classes } from './classes.ts'
import { Pool } from './pool.ts'
import type { Pools } from './pools.ts'
import type { Roster } from './roster.ts'

const NO_POOLS: readonly Pool[] = []

interface LaneParts {
  roster: Roster
  classes: Classes
  density: Density
  pools: Pools
}

/** The tickets of one mode in one region, in a pool for each class and party size. */
export class Lane {
  readonly id: number
  readonly plan: ModePlan
  /** -1 where there are no regions. */
  readonly region: number
  readonly growth: Growth
  readonly #pools = new Map<number, (Pool | undefined)[]>()
  readonly #rates = new Map<number, Rate>()
  readonly #parts: LaneParts

  constructor({ id, plan, region }: Pick<Lane, 'id' | 'plan' | 'region'>, parts: LaneParts) {
    this.id = id
    this.plan = plan
    this.region = region
    this.growth = growthOf(plan)
    this.#parts = parts
  }

  pool(classId: number, size: number): Pool {
    const bySize = this.#pools.get(classId) ?? []
    if (bySize.length === 0) this.#pools.set(classId, bySize)
    const pool = bySize[size] ?? this.#open(classId, size)
    bySize[size] = pool
    return pool
  }

  /** The non-empty pools of all classes that are compatible with this class. */
  sources(classId: number): Pool[] {
    const sources: Pool[] = []
    for (const partner of this.#partnersIn(this.#pools, classId)) {
      for (const pool of this.#pools.get(partner) ?? NO_POOLS) if (pool && pool.count > 0) sources.push(pool)
    }
    return sources
  }

  /** Whether the place is in a pool of this lane. */
  holds(place: number): boolean {
    return this.#parts.pools.get(this.#parts.roster.pools.get(place)).laneId === this.id
  }

  /** All pools of the lane. */
  *all(): Iterable<Pool> {
    for (const bySize of this.#pools.values()) for (const pool of bySize) if (pool) yield pool
  }

  arrived(classId: number, players: number, now: number): void {
    const known = this.#rates.get(classId)
    const rate = known ?? new Rate()
    if (!known) this.#rates.set(classId, rate)
    rate.arrived(now, players)
  }

  /**
   * Arrivals per millisecond and rating point around this rating, of all classes that are compatible with this class.
   */
  densityAt(rating: number, classId: number, now: number): number {
    let perMs = 0
    for (const partner of this.#partnersIn(this.#rates, classId)) perMs += this.#rates.get(partner)?.perMs(now) ?? 0
    return perMs === 0 ? 0 : perMs * this.#parts.density.at(rating)
  }

  #open(classId: number, size: number): Pool {
    const { pools, roster, classes } = this.#parts
    const isMixed = classes.isMixed(classId)
    return pools.add((id) => new Pool(roster, { id, laneId: this.id, classId, size, isMixed }))
  }

  forget(classId: number): void {
    for (const pool of this.#pools.get(classId) ?? []) if (pool) this.#parts.pools.delete(pool.id)
    this.#pools.delete(classId)
    this.#rates.delete(classId)
  }

  // Sorted by id, so that sums round the same way in both directions.
  #partnersIn(known: ReadonlyMap<number, unknown>, classId: number): number[] {
    const partners = this.#parts.classes.partnersOf(classId)
    const [few, many] = partners.size <= known.size ? [partners, known] : [known, partners]
    const both: number[] = []
    for (const id of few.keys()) if (many.has(id)) both.push(id)
    return both.length > 1 ? both.sort((a, b) => a - b) : both
  }
}
