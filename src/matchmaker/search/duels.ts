import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import type { Finding, Ground } from './finding.ts'
import { createPartnerSearch, MIXED, type Reach } from './partner-search.ts'
import { Turns } from './turns.ts'

// Most searches look at the nearest tickets. A ticket that accepts any partner looks at `MANY` when none of the nearest
// fits. In its turns it looks at `FURTHER` more tickets of mixed classes.
const FURTHER = 2_048
const NEAREST: Reach = { wanted: 8, further: 0 }
const MANY: Reach = { wanted: 4_096, further: 0 }
const NEAREST_AND_FURTHER: Reach = { wanted: 8, further: FURTHER }

/** Finds the partner of a ticket in a mode with one against one. */
export function createDuels(ground: Ground) {
  const { roster, laneOf, classOf } = ground
  const { since, slotOf } = roster
  const { findAmong, seen } = createPartnerSearch(ground)
  const turns = new Map<Lane, Turns>()

  /** Like `find`, but also goes through the tickets of mixed classes when nothing else fits. */
  function look(place: number, now: number): Finding {
    const finding = find(place, now)
    if (finding.at <= now || now < unconditionalAt(place)) return finding
    const sources = laneOf(place).sources(classOf(place))
    const most = sources.reduce((count, pool) => (pool.isMixed ? Math.max(count, pool.count) : count), 0)
    return most > MIXED ? lookFurther(sources, Math.ceil(most / FURTHER), place, now, finding) : finding
  }

  /** Goes through all tickets of mixed classes, over several turns. */
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
    const further = findAmong(sources, place, now, NEAREST_AND_FURTHER)
    const nextAt = ofLane.next(slot, now)
    return further.at <= nextAt ? further : { at: nextAt, group: null }
  }

  function find(place: number, now: number): Finding {
    const sources = laneOf(place).sources(classOf(place))
    const nearest = findAmong(sources, place, now, NEAREST)
    if (nearest.at <= now || seen() >= countOf(sources)) return nearest
    if (now >= unconditionalAt(place)) return findAmong(sources, place, now, MANY)
    return nearest.group ? nearest : { at: unconditionalAt(place), group: null }
  }
  const unconditionalAt = (place: number): number => since.get(slotOf.get(place)) + laneOf(place).plan.maxWaitMs

  return { find, look }
}

const countOf = (sources: readonly Pool[]): number => sources.reduce((sum, { count }) => sum + count, 0)
