import { openPage, type Page, type Tally } from './page.ts'

/** Records who should hear which message, and who heard it. A match is forgotten once all its members are done. */
export function createLedger() {
  const counts: Omit<Tally, 'lost'> = {
    sent: 0,
    owed: 0,
    delivered: 0,
    duplicated: 0,
    echoed: 0,
    outOfOrder: 0,
    strayed: 0,
    cutOff: 0,
  }
  const open = new Map<string, { page: Page; readers: number }>()

  return {
    /** The page of a match, the same for all its members; each of them closes it once. */
    open(matchId: string): Page {
      const entry = open.get(matchId) ?? { page: openPage(counts), readers: 0 }
      entry.readers += 1
      open.set(matchId, entry)
      return entry.page
    },
    /** A member has left the match: messages still due to it are lost. */
    close(matchId: string): void {
      const entry = open.get(matchId)
      if (!entry) return
      entry.readers -= 1
      if (entry.readers === 0) open.delete(matchId)
    },
    /** What was owed and did not arrive is lost: to be asked when all are through. */
    tally: (): Tally => ({ ...counts, lost: counts.owed - counts.delivered - counts.cutOff }),
    /** Matches with a member that still listens. */
    size: () => open.size,
  }
}
