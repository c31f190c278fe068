import { meanSigma, modesOf } from './check.ts'
import type { Density } from './estimates/density.ts'
import { factorOfUncertainty, grownAt, openingTolerance, toleranceOfUncertainty } from './estimates/tolerance.ts'
import type { ModePlan } from './mode-plan.ts'
import { regionsOf } from './regions.ts'
import type { Lane } from './tickets/lane.ts'
import type { MatchmakerWorld } from './world.ts'

/** Puts tickets into the lanes where they may be found, and takes them out. */
export function createEnrolment({ plans, regions, roster, pools, densities, lane }: MatchmakerWorld) {
  /** Somebody new has come: what can be learned from that, before a place is sought. */
  function learn(slot: number, now: number): void {
    const ticket = roster.tickets.get(slot)
    for (const mode of modesOf(ticket)) {
      const plan = plans.get(mode) as ModePlan
      densities[plan.index]?.arrived(roster.rating.get(slot), meanSigma(ticket.players))
      const [home] = regionsOf(ticket, plan, regions)
      if (home) lane(plan, home.region).arrived(roster.classes.get(slot), ticket.players.length, now)
    }
  }

  /**
   * Enters the ticket into every lane that it is ready to pay for by now: its best region at once, others when its slack
   * has grown by what they cost. Returns when the next one is due, infinite when there is none.
   */
  function enrol(slot: number, now: number): number {
    const ticket = roster.tickets.get(slot)
    const since = roster.since.get(slot)
    let nextAt = Number.POSITIVE_INFINITY
    for (const mode of modesOf(ticket)) {
      const plan = plans.get(mode) as ModePlan
      for (const { region, price } of regionsOf(ticket, plan, regions)) {
        const there = lane(plan, region)
        const at = Math.min(grownAt(there.growth, since, price), since + plan.maxWaitMs)
        if (at > now) {
          // The others cost more.
          nextAt = Math.min(nextAt, at)
          break
        }
        if (!isIn(slot, there)) enter(slot, there, price, now)
      }
    }
    return nextAt
  }

  function isIn(slot: number, there: Lane): boolean {
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      if (pools.get(roster.pools.get(place)).laneId === there.id) return true
    }
    return false
  }

  function enter(slot: number, there: Lane, price: number, now: number): void {
    const ticket = roster.tickets.get(slot)
    const classId = roster.classes.get(slot)
    const sigma = meanSigma(ticket.players)
    const opening = openingTolerance(there.plan, there.densityAt(roster.rating.get(slot), classId, now), sigma)
    const { sigma: usual, spread } = densities[there.plan.index] as Density
    put(slot, there, opening * factorOfUncertainty(sigma, usual) + toleranceOfUncertainty(sigma, spread) - price)
  }

  /** A place in the lane, with the slack that it starts from. */
  function put(slot: number, there: Lane, tolerance: number): void {
    const pool = there.pool(roster.classes.get(slot), roster.tickets.get(slot).players.length)
    pool.insert(roster.openPlace(slot, pool.id, tolerance))
  }

  /** Out of all lanes. */
  function withdraw(slot: number): void {
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      pools.get(roster.pools.get(place)).remove(place)
    }
    roster.closePlaces(slot)
  }

  return { learn, enrol, put, withdraw }
}
