import type { MatchSnapshot } from '../machines/match/match-step.ts'
import { isTaken, type Seat } from '../machines/match/seats.ts'
import type { EpochMs } from '../ports.ts'
import type { PlayerId } from '../protocol/ids.ts'
import { joinByOf } from './registry.ts'

/** Those who have longer to answer, or to take their seat, than they were told before. */
export function delayedBetween(before: MatchSnapshot, after: MatchSnapshot): PlayerId[] {
  if (before.state !== after.state) return []
  const gained = after.context.seats.filter((seat, n) => {
    const former = before.context.seats[n]
    return (
      former !== undefined && (waitedFor(after, seat) ?? 0) > (waitedFor(before, former) ?? Number.POSITIVE_INFINITY)
    )
  })
  return gained.map(({ playerId }) => playerId)
}

function waitedFor({ state, context }: MatchSnapshot, seat: Seat): EpochMs | null {
  if (state === 'proposed') return isTaken(seat) ? (context.deadline?.at ?? null) : null
  return joinByOf(seat, context.deadline)
}
