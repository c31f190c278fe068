import type { Ticket } from './api.ts'
import type { ModePlan } from './mode-plan.ts'

/** A region that a ticket may play in, and its cost in points compared with the ticket's best region. */
export interface RegionPrice {
  region: number
  price: number
}

const NOWHERE_IN_PARTICULAR: readonly RegionPrice[] = [{ region: -1, price: 0 }]

/** The regions within reach, the cheapest first; the region -1 where the matchmaker has no regions. */
export function regionsOf(
  { latencies }: Pick<Ticket, 'latencies'>,
  plan: ModePlan,
  regions: readonly string[],
): readonly RegionPrice[] {
  if (regions.length === 0) return NOWHERE_IN_PARTICULAR
  if (!latencies) return regions.map((_, region) => ({ region, price: 0 }))
  const near: RegionPrice[] = []
  let best = Number.POSITIVE_INFINITY
  for (let region = 0; region < regions.length; region += 1) {
    const name = regions[region] as string
    const ms = Object.hasOwn(latencies, name) ? latencies[name] : undefined
    if (ms === undefined || ms > plan.maxLatencyMs) continue
    best = Math.min(best, ms)
    near.push({ region, price: ms })
  }
  for (const one of near) one.price = (one.price - best) * plan.pointsPerLatencyMs
  return near.sort((a, b) => a.price - b.price || a.region - b.region)
}
