import type { Clock } from '../../ports.ts'
import { type Limit, TokenBucket } from '../../util/token-bucket.ts'

/*
 * What costly requests cause is counted in points: those that the request is declared with, and one for each 4 KiB of
 * the reply. A client that draws a list again each second, and asks for its match again after each reconnect, is far
 * below this.
 */
const WORK: Limit = { burst: 400, perSecond: 100 }
const BYTES_A_POINT = 4_096
/** Among fewer than these nobody looks for those that are full again. */
const FEW = 1_000

export type WorkBudgets = ReturnType<typeof createWorkBudgets>

/** What each player may cause by costly requests, all tabs and devices together. */
export function createWorkBudgets(clock: Clock) {
  const workBudgets = new Map<string, TokenBucket>()
  let manyAt = FEW

  function budgetOf(who: string): TokenBucket {
    const known = workBudgets.get(who)
    if (known) return known
    if (workBudgets.size >= manyAt) forgetTheFull()
    const budget = new TokenBucket(WORK, clock.now())
    workBudgets.set(who, budget)
    return budget
  }

  // A purse that is full again is as good as a new one.
  function forgetTheFull(): void {
    const now = clock.now()
    for (const [who, budget] of workBudgets) if (budget.isFull(now)) workBudgets.delete(who)
    manyAt = Math.max(FEW, 2 * workBudgets.size)
  }

  return {
    /** Takes what a request costs before it is looked at; 0, or how long to wait where there is not enough. */
    pay(who: string, points: number): number {
      return budgetOf(who).pay(clock.now(), points)
    },
    /** Takes what its reply came to, if need be as a debt. */
    charge(who: string, replyBytes: number): void {
      budgetOf(who).take(clock.now(), replyBytes / BYTES_A_POINT)
    },
    size: () => workBudgets.size,
  }
}
