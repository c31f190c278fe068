import { grown, pairGrownAt } from '../estimates/tolerance.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import { type Finding, type Ground, NOTHING } from './finding.ts'
import { costOf } from './shares.ts'
import { Turns } from './turns.ts'

// Nearer ones than so many are not looked past, unless none of them will do for a ticket that takes whatever it may.
const NEAREST = 8
const EVERYBODY = 4_096
// Of many kinds fewer of each, and more of those whose kind does not tell whether they will do.
const FEW_KINDS = 4
const FEWEST = 2
const MIXED = 256
// A ticket that takes whatever it may looks at so many more of those at each of its turns.
const FURTHER = 2_048

/** Finds the partner for a ticket of a mode with one against one. */
export function createDuels({ roster, classes, exclusions, effort, laneOf, classOf }: Ground) {
  const { since, tolerance, tickets, slotOf } = roster
  const near: number[] = []

  const turns = new Map<Lane, Turns>()

  /** As `find`, for a ticket whose turn it is. */
  function look(place: number, now: number): Finding {
    const finding = find(place, now)
    if (finding.at <= now || now < unconditionalAt(place)) return finding
    const sources = laneOf(place).sources(classOf(place))
    const most = sources.reduce((count, pool) => (pool.isMixed ? Math.max(count, pool.count) : count), 0)
    return most > MIXED ? lookFurther(sources, Math.ceil(most / FURTHER), place, now, finding) : finding
  }

  /** Through all whose kind does not tell, some at each of the ticket's turns. */
  function lookFurther(
    sources: readonly Pool[],
    rounds: number,
    place: number,
    now: number,
    nearest: Finding,
  ): Finding {
    const lane = laneOf(place)
    const ofLane = turns.get(lane) ?? new Turns()
    turns.set(lane, ofLane)
    const slot = slotOf.get(place)
    const serial = roster.serial.get(slot)
    const turnAt = ofLane.has(slot, serial) ? now : ofLane.give(slot, serial, rounds, now)
    if (turnAt > now) return { at: Math.min(turnAt, nearest.at), group: null }
    const further = findAmong(sources, NEAREST, place, now, FURTHER)
    const nextAt = ofLane.next(slot, now)
    return further.at <= nextAt ? further : { at: nextAt, group: null }
  }

  function find(place: number, now: number): Finding {
    const sources = laneOf(place).sources(classOf(place))
    const nearest = findAmong(sources, NEAREST, place, now)
    if (nearest.at <= now || near.length >= countOf(sources)) return nearest
    if (now >= unconditionalAt(place)) return findAmong(sources, EVERYBODY, place, now)
    return nearest.group ? nearest : { at: unconditionalAt(place), group: null }
  }
  const unconditionalAt = (place: number): number => since.get(slotOf.get(place)) + laneOf(place).plan.maxWaitMs

  /**
   * The one with whom the sum of both slacks exceeds the gap by most, or else the one with whom it will first be enough.
   * Of equal ones, the older.
   */
  function findAmong(sources: readonly Pool[], wanted: number, place: number, now: number, further = 0): Finding {
    const lane = laneOf(place)
    const slot = slotOf.get(place)
    const ticket = tickets.get(slot)
    const rating = roster.rating.get(slot)
    const mine = tolerance.get(place)
    const { maxWaitMs } = lane.plan
    const cameAt = since.get(slot)
    const isOverdue = now - cameAt >= maxWaitMs
    const myGrowth = grown(lane.growth, now - cameAt)
    near.length = 0
    const ofEach = Math.max(FEWEST, Math.ceil((FEW_KINDS * wanted) / Math.max(FEW_KINDS, sources.length)))
    for (const pool of sources) {
      const [count, before] = [pool.isMixed ? MIXED : ofEach, near.length]
      pool.gather(rating, count, near, count)
      if (pool.isMixed) pool.gatherFurther(further, near)
      effort.spent += costOf(pool, near.length - before)
    }
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

  /** Against `opponent`: what one ticket may have, an older one of the same rating has first. */
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
    return classes.getAlong(classOf(one), ticket, classOf(other), otherTicket)
  }
  const areAlike = (one: number, other: number): boolean =>
    classes.areAlike(classOf(one), tickets.get(slotOf.get(one)), classOf(other), tickets.get(slotOf.get(other)))

  const countOf = (sources: readonly Pool[]): number => sources.reduce((sum, { count }) => sum + count, 0)
  const isBetter = (place: number, surplus: number, best: number, bestSurplus: number): boolean =>
    surplus > bestSurplus || (surplus === bestSurplus && roster.isOlder(place, best))

  return { find, look }
}
