import type { Clock } from '../../ports.ts'
import { createRateLimit, type Limit } from '../../util/rate-limit.ts'

/*
 * A costly request takes the points that it is declared with, and one more for each 4 KiB of the reply. A client that
 * fetches a list every second, and its match after each reconnect, stays far below the limit.
 */
const WORK: Limit = { burst: 400, everyMs: 10 }
const BYTES_A_POINT = 4_096

export type WorkBudgets = ReturnType<typeof createWorkBudgets>

/** Limits the work that each player causes by costly requests, all tabs and devices together. */
export function createWorkBudgets(clock: Clock) {
  const budgets = createRateLimit<string>(clock, WORK)
  return {
    /** Takes a request's points before it is handled: 0 on success, else the milliseconds until there are enough. */
    pay: budgets.pay,
    /** Takes the points of a reply; the budget may go below zero. */
    charge: (who: string, replyBytes: number): void => budgets.spend(who, replyBytes / BYTES_A_POINT),
    size: budgets.size,
  }
}
