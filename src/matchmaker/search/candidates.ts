import { grown } from '../estimates/tolerance.ts'
import type { Candidate } from '../teams/exchange.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import type { Ground } from './finding.ts'
import { costOf } from './shares.ts'

export type Candidates = ReturnType<typeof createCandidates>

/** The ticket that a group is sought for. */
interface Anchored {
  lane: Lane
  anchor: Candidate
  now: number
}

/** Tickets as a search for teams weighs them, and the rules that keep two of them apart. */
export function createCandidates({ roster, classes, exclusions, effort }: Ground) {
  const places: number[] = []

  function candidateOf(place: number, { size, classId }: Pool, lane: Lane, now: number): Candidate {
    const waitedMs = now - roster.sinceAt.get(place)
    return {
      place,
      slot: roster.slotOf.get(place),
      size,
      rating: roster.ratingAt.get(place),
      classId,
      tolerance: roster.tolerance.get(place) + grown(lane.growth, waitedMs),
      isOverdue: waitedMs >= lane.plan.maxWaitMs,
    }
  }

  /** Looks at this many tickets of the pool, the nearest first, and adds those that the anchor may meet to `found`. */
  function gatherFrom(pool: Pool, looks: number, { lane, anchor, now }: Anchored, found: Candidate[]): void {
    places.length = 0
    pool.gather(anchor.rating, looks, places)
    effort.spent += costOf(pool, places.length)
    for (const place of places) {
      if (roster.slotOf.get(place) === anchor.slot) continue
      const candidate = candidateOf(place, pool, lane, now)
      if (mayMeet(anchor, candidate)) found.push(candidate)
    }
  }

  function mayMeet(a: Candidate, b: Candidate): boolean {
    const [one, other] = [roster.tickets.get(a.slot), roster.tickets.get(b.slot)]
    return classes.areCompatible(a.classId, one, b.classId, other) && exclusions.mayMeet(a.slot, one, b.slot, other)
  }

  /** Whether two tickets of the same size and rating are equivalent except for their age. */
  function areAlike(a: Candidate, b: Candidate): boolean {
    if (a.rating !== b.rating || a.size !== b.size) return false
    return classes.areAlike(a.classId, roster.tickets.get(a.slot), b.classId, roster.tickets.get(b.slot))
  }

  /** When this group may be proposed again; `now` when it was not refused. */
  function refusedUntil(members: readonly Candidate[], now: number): number {
    if (!exclusions.hasRefused) return now
    const ids = members.map(({ slot }) => roster.tickets.get(slot).id)
    return exclusions.refusedUntil(ids, now)
  }

  const isOlder = (one: Candidate, other: Candidate): boolean => roster.slotOrder(one.slot, other.slot) < 0

  /** Sorts by the distance to a rating, and by age for equal distances. */
  const nearestTo = (rating: number) => (a: Candidate, b: Candidate) =>
    Math.abs(a.rating - rating) - Math.abs(b.rating - rating) || roster.slotOrder(a.slot, b.slot)

  return { candidateOf, gatherFrom, mayMeet, areAlike, refusedUntil, isOlder, nearestTo }
}
