import type { Proposal } from '../api.ts'
import type { HeldProposals } from '../held-proposals.ts'
import type { MatchmakerWorld } from '../world.ts'
import { createBackfillReach } from './backfill-reach.ts'
import { createBackfillRegistry } from './backfill-registry.ts'
import { createBackfillSearch } from './backfill-search.ts'
import type { OpenBackfill } from './open-backfill.ts'

interface BackfillProposalsParts {
  world: MatchmakerWorld
  heldProposals: HeldProposals
}

/** Proposes tickets to running matches that look for players. */
export function createBackfillProposals({ world, heldProposals }: BackfillProposalsParts) {
  const { effort, regions } = world
  const search = createBackfillSearch(world)
  const registry = createBackfillRegistry(world)
  const { reschedule, reachesAllAt } = createBackfillReach({ world, registry, search })

  /** Removes an open match and requeues the tickets that were proposed to it. */
  function remove(id: string, now: number): boolean {
    const backfill = registry.get(id)
    if (!backfill) return false
    registry.forget(backfill)
    for (const proposal of [...backfill.held.keys()]) heldProposals.dissolve(proposal, new Set(), now)
    return true
  }

  /** A proposed ticket does not join, so its seats are free again. */
  function released(backfill: OpenBackfill, now: number): void {
    if (!registry.isOpen(backfill)) return
    registry.measure(backfill)
    registry.schedule.plan(backfill, now)
  }

  /** Searches for each match that is due, until the effort of all searches is `until`. */
  function tick(now: number, { until, maxMatches }: { until: number; maxMatches: number }): Proposal[] {
    const made: Proposal[] = []
    const mayGoOn = () => effort.spent < until && made.length < maxMatches
    while (mayGoOn()) {
      const backfill = registry.schedule.next(now)
      if (!backfill) break
      let at = now
      while (at <= now && mayGoOn()) {
        const proposal = attend(backfill, now)
        at = backfill.dueAt
        if (proposal) made.push(proposal)
      }
      registry.schedule.plan(backfill, at)
    }
    return made
  }

  function attend(backfill: OpenBackfill, now: number): Proposal | null {
    const { at, joining } = search.find(backfill, now)
    backfill.dueAt = at
    if (!joining || at > now) return null
    const { place, team, mismatch } = joining
    const teams = Array.from({ length: joining.lane.plan.teams }, (_, n) => (n === team ? [place] : []))
    const proposal = heldProposals.hold({ lane: joining.lane, teams, mismatch }, now, { backfill, team })
    registry.measure(backfill)
    return proposal
  }

  /** The proposed tickets have joined for good. */
  function filled(backfill: OpenBackfill, { teams, region: name }: Proposal): void {
    const region = name === null ? -1 : regions.indexOf(name)
    for (const [team, tickets] of teams.entries()) {
      for (const ticket of tickets) backfill.joined.push({ team, region, ticket })
    }
    registry.measure(backfill)
    if (!registry.hasRoom(backfill) && registry.isOpen(backfill)) registry.forget(backfill)
  }

  const earliest = (): number => registry.schedule.earliest
  const { add, size } = registry
  return { add, remove, reschedule, reachesAllAt, released, tick, filled, earliest, size }
}
