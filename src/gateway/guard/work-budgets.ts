import type { Clock } from '../../ports.ts'
import { type Limit, TokenBucket } from '../../util/token-bucket.ts'

/*
 * A costly request takes the points that it is declared with, and one more for each 4 KiB of the reply. A client that
 * fetches a list every second, and its match after each reconnect, stays far below the limit.
 */
const WORK: Limit = { burst: 400, perSecond: 100 }
const BYTES_A_POINT = 4_096
/** Below this size the map is not swept for full budgets. */
const MIN_SWEEP_SIZE = 1_000

export type WorkBudgets = ReturnType<typeof createWorkBudgets>

/** Limits the work that each player causes by costly requests, all tabs and devices together. */
export function createWorkBudgets(clock: Clock) {
  const workBudgets = new Map<string, TokenBucket>()
  let sweepAtSize = MIN_SWEEP_SIZE

  function budgetOf(who: string): TokenBucket {
    const known = workBudgets.get(who)
    if (known) return known
    if (workBudgets.size >= sweepAtSize) deleteFull()
    const budget = new TokenBucket(WORK, clock.now())
    workBudgets.set(who, budget)
    return budget
  }

  // A full budget is the same as a new one.
  function deleteFull(): void {
    const now = clock.now()
    for (const [who, budget] of workBudgets) if (budget.isFull(now)) workBudgets.delete(who)
    sweepAtSize = Math.max(MIN_SWEEP_SIZE, 2 * workBudgets.size)
  }

  return {
    /** Takes a request's points before it is handled: 0 on success, else the milliseconds until there are enough. */
    pay(who: string, points: number): number {
      return budgetOf(who).pay(clock.now(), points)
    },
    /** Takes the points of a reply; the budget may go below zero. */
    charge(who: string, replyBytes: number): void {
      budgetOf(who).take(clock.now(), replyBytes / BYTES_A_POINT)
    },
    size: () => workBudgets.size,
  }
}
