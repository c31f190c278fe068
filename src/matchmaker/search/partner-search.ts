import { grown, pairGrownAt } from '../estimates/tolerance.ts'
import type { Pool } from '../tickets/pool.ts'
import { type Finding, type Ground, NOTHING } from './finding.ts'
import { costOf } from './shares.ts'

// With many pools, fewer tickets of each are looked at, but at least `FEWEST`.
const FEW_KINDS = 4
const FEWEST = 2
/** The number of tickets to look at in a pool of a mixed class. */
export const MIXED = 256

/** The number of nearest tickets to look at, and of further ones in mixed classes. */
export interface Reach {
  wanted: number
  further: number
}

/** Finds the best partner for a ticket among the nearest tickets, for a mode with one against one. */
export function createPartnerSearch({ roster, classes, exclusions, effort, laneOf, classOf }: Ground) {
  const { since, tolerance, tickets, slotOf } = roster
  const near: number[] = []

  /**
   * The partner whose tolerance, with the ticket's own, exceeds the gap by the most; without one, the partner for whom
   * the sum first covers the gap. Of equal partners, the older.
   */
  function findAmong(sources: readonly Pool[], place: number, now: number, reach: Reach): Finding {
    const lane = laneOf(place)
    const slot = slotOf.get(place)
    const ticket = tickets.get(slot)
    const rating = roster.rating.get(slot)
    const mine = tolerance.get(place)
    const { maxWaitMs } = lane.plan
    const cameAt = since.get(slot)
    const isOverdue = now - cameAt >= maxWaitMs
    const myGrowth = grown(lane.growth, now - cameAt)
    gather(sources, rating, reach)
    let best = -1
    let bestAt = Number.POSITIVE_INFINITY
    let bestSurplus = Number.NEGATIVE_INFINITY
    for (const other of near) {
      if (other === place) continue
      const gap = Math.abs(rating - roster.ratingAt.get(other))
      const theirs = tolerance.get(other)
      const otherCameAt = roster.sinceAt.get(other)
      const grownBy = myGrowth + grown(lane.growth, now - otherCameAt)
      const isUnconditional = isOverdue || now - otherCameAt >= maxWaitMs
      const surplus = mine + theirs + grownBy - gap
      if (bestAt <= now && (surplus < bestSurplus || (surplus < 0 && !isUnconditional))) continue
      const older = Math.min(cameAt, otherCameAt)
      const younger = Math.max(cameAt, otherCameAt)
      const good = isUnconditional ? now : pairGrownAt(lane.growth, older, younger, gap - mine - theirs, now)
      const at = Math.max(now, Math.min(good, older + maxWaitMs))
      if (at > bestAt) continue
      if (at === bestAt && !isBetter(other, surplus, best, bestSurplus)) continue
      const otherSlot = slotOf.get(other)
      const otherTicket = tickets.get(otherSlot)
      if (!mayMeet(place, other)) continue
      const free = exclusions.hasRefused ? exclusions.refusedUntil([ticket.id, otherTicket.id], now) : now
      if (free > at && free >= bestAt) continue
      best = other
      bestAt = Math.max(at, free)
      bestSurplus = surplus
    }
    if (best < 0) return NOTHING
    const isDue = bestAt <= now
    if (isDue) best = eldestLike(best, place, now)
    const player = isDue ? eldestLike(place, best, now) : place
    const partnerRating = roster.ratingOf(best)
    return { at: bestAt, group: { lane, teams: [[player], [best]], mismatch: Math.abs(rating - partnerRating) } }
  }

  /** Collects the tickets nearest to a rating. */
  function gather(sources: readonly Pool[], rating: number, { wanted, further }: Reach): void {
    near.length = 0
    const ofEach = Math.max(FEWEST, Math.ceil((FEW_KINDS * wanted) / Math.max(FEW_KINDS, sources.length)))
    for (const pool of sources) {
      const [count, before] = [pool.isMixed ? MIXED : ofEach, near.length]
      pool.gather(rating, count, near, count)
      if (pool.isMixed) pool.gatherFurther(further, near)
      effort.spent += costOf(pool, near.length - before)
    }
  }

  /** Whether an older ticket of the same rating should get this opponent first. */
  function eldestLike(one: number, opponent: number, now: number): number {
    const rating = roster.ratingAt.get(one)
    const slot = slotOf.get(opponent)
    let eldest = one
    for (const other of near) {
      if (other === opponent || roster.ratingAt.get(other) !== rating || !roster.isOlder(other, eldest)) continue
      if (!areAlike(other, one) || !mayMeet(opponent, other)) continue
      const [mine, theirs] = [tickets.get(slot), tickets.get(slotOf.get(other))]
      if (exclusions.refusedUntil([mine.id, theirs.id], now) <= now) eldest = other
    }
    return eldest
  }

  function mayMeet(one: number, other: number): boolean {
    const [mine, theirs] = [slotOf.get(one), slotOf.get(other)]
    const [ticket, otherTicket] = [tickets.get(mine), tickets.get(theirs)]
    if (!exclusions.mayMeet(mine, ticket, theirs, otherTicket)) return false
    return classes.areCompatible(classOf(one), ticket, classOf(other), otherTicket)
  }
  const areAlike = (one: number, other: number): boolean =>
    classes.areAlike(classOf(one), tickets.get(slotOf.get(one)), classOf(other), tickets.get(slotOf.get(other)))

  const isBetter = (place: number, surplus: number, best: number, bestSurplus: number): boolean =>
    surplus > bestSurplus || (surplus === bestSurplus && roster.isOlder(place, best))

  return {
    findAmong,
    /** The number of tickets that the last search looked at. */
    seen: () => near.length,
  }
}
