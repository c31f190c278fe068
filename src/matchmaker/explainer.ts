import type { BlockedBy, Explanation, Ticket } from './api.ts'
import { modesOf } from './check.ts'
import type { Density } from './estimates/density.ts'
import type { ExpectedWaits } from './estimates/expected-wait.ts'
import { grown } from './estimates/tolerance.ts'
import type { ModePlan } from './mode-plan.ts'
import { regionsOf } from './regions.ts'
import type { TicketSearch } from './search/ticket-search.ts'
import { Packing } from './teams/packing.ts'
import { rolesFilled, rolesOfEach } from './teams/roles.ts'
import type { MatchmakerWorld } from './world.ts'

// Enough to tell why; more would hold up everybody else.
const MAX_LOOKED_AT = 400

interface ExplainerParts {
  world: MatchmakerWorld
  expectedWaits: ExpectedWaits
  searching: readonly number[]
  search: Pick<TicketSearch, 'find'>
}

/** Tells of a queued ticket why it has no match yet: which rule keeps how many of the others away from it. */
export function createExplainer({ world, expectedWaits, searching, search }: ExplainerParts) {
  const { roster, plans, regions, classes, exclusions, densities, lane, lanesOf, laneOf } = world

  function explain(slot: number, now: number): Explanation {
    const ticket = roster.tickets.get(slot)
    const modes = modesOf(ticket).map((mode) => plans.get(mode) as ModePlan)
    const since = roster.since.get(slot)
    const waitedMs = now - since
    const unconditionalAt = since + Math.min(...modes.map(({ maxWaitMs }) => maxWaitMs))
    const blockedBy = { attributes: 0, block: 0, region: 0, roles: 0, size: 0, rating: 0 }
    for (const plan of modes) check(slot, plan, now, blockedBy)
    return {
      waitedMs,
      tolerance: now >= unconditionalAt ? null : toleranceOf(slot, waitedMs),
      unconditionalAt,
      searching: modes.reduce((sum, { index }) => sum + (searching[index] ?? 0) - ticket.players.length, 0),
      blockedBy,
      density: densityAround(slot, modes[0] as ModePlan, now),
      expectedWaitMs: expectedWait(slot, now),
    }
  }

  /** What the nearest lane would take of it by now. */
  function toleranceOf(slot: number, waitedMs: number): number {
    let most = 0
    for (const place of roster.placesOf(slot)) {
      most = Math.max(most, roster.tolerance.get(place) + grown(laneOf(place).growth, waitedMs))
    }
    return most
  }

  function densityAround(slot: number, plan: ModePlan, now: number): number {
    const [home] = regionsOf(roster.tickets.get(slot), plan, regions)
    if (!home) return 0
    const perMs = lane(plan, home.region).densityAt(roster.rating.get(slot), roster.classes.get(slot), now)
    return Number.isFinite(perMs) ? perMs * 1_000 : 0
  }

  function expectedWait(slot: number, now: number): number | null {
    const ticket = roster.tickets.get(slot)
    const waits = modesOf(ticket).flatMap((mode) => {
      const { index } = plans.get(mode) as ModePlan
      const rank = (densities[index] as Density).rank(roster.rating.get(slot))
      return expectedWaits.estimate(index, { size: ticket.players.length, rank }, now - roster.since.get(slot)) ?? []
    })
    return waits.length === 0 ? null : Math.min(...waits)
  }

  /** Counts, among the others of the mode, who is kept away by a rule that no waiting changes, and then why the rest is. */
  function check(slot: number, plan: ModePlan, now: number, blockedBy: Record<BlockedBy, number>): void {
    const mine = roster.tickets.get(slot)
    const reach = new Set(regionsOf(mine, plan, regions).map(({ region }) => region))
    const classId = roster.classes.get(slot)
    const able: Ticket[] = []
    const seen = { region: 0, attributes: 0, block: 0, size: 0, roles: 0, rating: 0 }
    let players = 0
    for (const other of othersIn(plan, slot)) {
      const ticket = roster.tickets.get(other)
      const isOutOfReach = !regionsOf(ticket, plan, regions).some(({ region }) => reach.has(region))
      const isDifferent = !classes.getAlong(classId, mine, roster.classes.get(other), ticket)
      // Who is blocked by somebody is not to learn of it.
      const isBlocked = exclusions.hasBlockedOneOf(slot, other, ticket)
      players += ticket.players.length
      if (isOutOfReach) seen.region += 1
      if (isDifferent) seen.attributes += 1
      if (isBlocked) seen.block += 1
      if (!isOutOfReach && !isDifferent && !isBlocked) able.push(ticket)
    }
    if (able.length > 0) {
      if (!canBeFilled(plan, mine, able)) seen.size = able.length
      else if (!haveRoles(plan, [mine, ...able])) seen.roles = able.length
      else seen.rating = isNearEnough(slot, plan, now) ? 0 : able.length
    }
    // Of many only some were looked at, who stand for all.
    const others = (searching[plan.index] ?? 0) - mine.players.length
    const share = 2 * players >= MAX_LOOKED_AT && others > players ? others / players : 1
    for (const rule of Object.keys(seen) as BlockedBy[]) blockedBy[rule] += Math.round(seen[rule] * share)
  }

  function* othersIn(plan: ModePlan, slot: number): Iterable<number> {
    const seen = new Set([slot])
    for (const place of placesIn(plan, roster.rating.get(slot))) {
      const other = roster.slotOf.get(place)
      if (seen.has(other)) continue
      seen.add(other)
      yield other
    }
    yield* nowhere(plan, slot)
  }

  /** All places of the mode, or where there are many a sample: of each kind its share, the nearest by rating. */
  function* placesIn(plan: ModePlan, rating: number): Iterable<number> {
    const kinds = lanesOf(plan).flatMap((there) => [...there.all()])
    const total = kinds.reduce((sum, { count }) => sum + count, 0)
    const found: number[] = []
    for (const pool of kinds) {
      found.length = 0
      if (total > MAX_LOOKED_AT) pool.gather(rating, Math.ceil((MAX_LOOKED_AT * pool.count) / total), found)
      yield* total > MAX_LOOKED_AT ? found.slice(0, MAX_LOOKED_AT) : pool.places()
    }
  }

  /** Those whom no region is near enough for: they wait in no lane. */
  function* nowhere(plan: ModePlan, slot: number): Iterable<number> {
    let left = MAX_LOOKED_AT
    for (const other of roster.all()) {
      left -= 1
      if (left < 0) return
      const isPlaced = roster.places.get(other) >= 0 || roster.heldIn.get(other) !== 0
      if (other !== slot && !isPlaced && modesOf(roster.tickets.get(other)).includes(plan.id)) yield other
    }
  }

  function canBeFilled(plan: ModePlan, mine: Ticket, others: readonly Ticket[]): boolean {
    const counts = Array<number>(plan.teamSize + 1).fill(0)
    for (const { players } of [mine, ...others]) counts[players.length] = (counts[players.length] ?? 0) + 1
    return new Packing(plan.teams, plan.teamSize).recipe(counts, mine.players.length) !== null
  }

  function haveRoles({ roles, teams }: ModePlan, tickets: readonly Ticket[]): boolean {
    const wanted = Array.from({ length: teams }, () => roles).flat()
    const takes = tickets.flatMap(rolesOfEach)
    return rolesFilled(takes, wanted) === wanted.length
  }

  function isNearEnough(slot: number, plan: ModePlan, now: number): boolean {
    for (const place of roster.placesOf(slot)) {
      if (laneOf(place).plan !== plan) continue
      if (search.find(place, now).at <= now) return true
    }
    return false
  }

  return { explain, expectedWait }
}
