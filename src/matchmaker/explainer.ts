import type { BlockedBy, Explanation, Ticket } from './api.ts'
import { modesOf } from './check.ts'
import type { Density } from './estimates/density.ts'
import type { ExpectedWaits } from './estimates/expected-wait.ts'
import { grown } from './estimates/tolerance.ts'
import type { ModePlan } from './mode-plan.ts'
import { regionsOf } from './regions.ts'
import { createSample, MAX_LOOKED_AT } from './sample.ts'
import type { TicketSearch } from './search/ticket-search.ts'
import { Packing } from './teams/packing.ts'
import { rolesFilled, rolesOfEach } from './teams/roles.ts'
import type { MatchmakerWorld } from './world.ts'

interface ExplainerParts {
  world: MatchmakerWorld
  expectedWaits: ExpectedWaits
  searching: readonly number[]
  search: Pick<TicketSearch, 'find'>
}

/** Explains why a queued ticket has no match yet: for each rule, how many other tickets it excludes. */
export function createExplainer({ world, expectedWaits, searching, search }: ExplainerParts) {
  const sample = createSample(world)
  const { roster, plans, regions, classes, exclusions, densities, lane, laneOf } = world

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

  /** The largest tolerance of the ticket in any of its lanes. */
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

  /** Counts the other tickets of the mode that a fixed rule excludes, and finds the rule for the rest. */
  function check(slot: number, plan: ModePlan, now: number, blockedBy: Record<BlockedBy, number>): void {
    const mine = roster.tickets.get(slot)
    const reach = new Set(regionsOf(mine, plan, regions).map(({ region }) => region))
    const classId = roster.classes.get(slot)
    const able: Ticket[] = []
    const seen = { region: 0, attributes: 0, block: 0, size: 0, roles: 0, rating: 0 }
    let players = 0
    for (const other of sample.othersIn(plan, slot)) {
      const ticket = roster.tickets.get(other)
      const isOutOfReach = !regionsOf(ticket, plan, regions).some(({ region }) => reach.has(region))
      const isDifferent = !classes.areCompatible(classId, mine, roster.classes.get(other), ticket)
      // A player must not learn who has blocked them.
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
    // The sample represents all tickets.
    const others = (searching[plan.index] ?? 0) - mine.players.length
    const share = 2 * players >= MAX_LOOKED_AT && others > players ? others / players : 1
    for (const rule of Object.keys(seen) as BlockedBy[]) blockedBy[rule] += Math.round(seen[rule] * share)
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
