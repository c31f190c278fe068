import { grown } from '../estimates/tolerance.ts'
import type { Candidate, Found } from '../teams/exchange.ts'
import type { Lane } from '../tickets/lane.ts'
import type { Pool } from '../tickets/pool.ts'
import type { Ground } from './finding.ts'

export type Candidates = ReturnType<typeof createCandidates>

/** Tickets as a search for teams weighs them, and what keeps two of them apart. */
export function createCandidates({ roster, classes, exclusions }: Ground) {
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

  function mayMeet(a: Candidate, b: Candidate): boolean {
    const [one, other] = [roster.tickets.get(a.slot), roster.tickets.get(b.slot)]
    return classes.getAlong(a.classId, one, b.classId, other) && exclusions.mayMeet(a.slot, one, b.slot, other)
  }

  /** Whether two of the same size and rating have nothing that sets them apart but their age. */
  function areAlike(a: Candidate, b: Candidate): boolean {
    if (a.rating !== b.rating || a.size !== b.size) return false
    return classes.areAlike(a.classId, roster.tickets.get(a.slot), b.classId, roster.tickets.get(b.slot))
  }

  function refusedUntil({ members }: Found, now: number): number {
    if (!exclusions.hasRefused) return now
    const ids = members.map(({ slot }) => roster.tickets.get(slot).id)
    return exclusions.refusedUntil(ids, now)
  }

  const isOlder = (one: Candidate, other: Candidate): boolean => roster.slotOrder(one.slot, other.slot) < 0

  /** The nearest to a rating first; of those equally near, the oldest. */
  const nearestTo = (rating: number) => (a: Candidate, b: Candidate) =>
    Math.abs(a.rating - rating) - Math.abs(b.rating - rating) || roster.slotOrder(a.slot, b.slot)

  return { candidateOf, mayMeet, areAlike, refusedUntil, isOlder, nearestTo }
}
