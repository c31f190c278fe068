import { meanSigma, modesOf } from '../check.ts'
import type { Density } from '../estimates/density.ts'
import { factorOfUncertainty, grownAt, openingTolerance, toleranceOfUncertainty } from '../estimates/tolerance.ts'
import type { ModePlan } from '../mode-plan.ts'
import { regionsOf } from '../regions.ts'
import type { Lane } from '../tickets/lane.ts'
import type { MatchmakerWorld } from '../world.ts'

/** Puts tickets into the lanes where they may be found, and takes them out. */
export function createEnrolment({ plans, regions, roster, pools, densities, lane }: MatchmakerWorld) {
  /** Learns the ratings and the arrival rate from a new ticket; call before `enrol`. */
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
   * Enters the ticket into every lane that it can afford: its best region at once, another region when its tolerance has
   * grown by the price. Returns when the next lane is due, infinite for never.
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
          // Other regions cost more.
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

  /** Opens a place in the lane, with the tolerance that it starts from. */
  function put(slot: number, there: Lane, tolerance: number): void {
    const pool = there.pool(roster.classes.get(slot), roster.tickets.get(slot).players.length)
    pool.insert(roster.openPlace(slot, pool.id, tolerance))
  }

  /** Takes the ticket out of all lanes. */
  function withdraw(slot: number): void {
    for (let place = roster.places.get(slot); place >= 0; place = roster.sibling.get(place)) {
      pools.get(roster.pools.get(place)).remove(place)
    }
    roster.closePlaces(slot)
  }

  return { learn, enrol, put, withdraw }
}
