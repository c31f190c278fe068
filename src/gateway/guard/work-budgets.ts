import type { Clock } from '../../ports.ts'
import { Budget, type Limit } from '../../util/token-bucket.ts'

/*
 * What costly requests cause is counted in points: those that the request is declared with, and one for each 4 KiB of
 * the reply. A client that draws a list again each second, and asks for its match again after each reconnect, is far
 * below this.
 */
const WORK: Limit = { burst: 400, perSecond: 100 }
const BYTES_A_POINT = 4_096
/** Among fewer than these nobody looks for those that are full again. */
const FEW = 1_000

export type Purses = ReturnType<typeof createPurses>

/** What each player may cause by costly requests, all tabs and devices together. */
export function createPurses(clock: Clock) {
  const purses = new Map<string, Budget>()
  let manyAt = FEW

  function purseOf(who: string): Budget {
    const known = purses.get(who)
    if (known) return known
    if (purses.size >= manyAt) forgetTheFull()
    const purse = new Budget(WORK, clock.now())
    purses.set(who, purse)
    return purse
  }

  // A purse that is full again is as good as a new one.
  function forgetTheFull(): void {
    const now = clock.now()
    for (const [who, purse] of purses) if (purse.isFull(now)) purses.delete(who)
    manyAt = Math.max(FEW, 2 * purses.size)
  }

  return {
    /** Takes what a request costs before it is looked at; 0, or how long to wait where there is not enough. */
    pay(who: string, points: number): number {
      return purseOf(who).pay(clock.now(), points)
    },
    /** Takes what its reply came to, if need be as a debt. */
    charge(who: string, replyBytes: number): void {
      purseOf(who).take(clock.now(), replyBytes / BYTES_A_POINT)
    },
    size: () => purses.size,
  }
}
