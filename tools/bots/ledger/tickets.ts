import type { Blame } from '../faults.ts'

/** What `queue:ended` says. */
export interface Ending {
  ticketId: string
  reason: string
  matchId?: string | undefined
}
/** One bot's tickets. */
interface Stubs {
  /** Those it asked for. */
  readonly asked: Set<string>
  /** How many the server made for it, after a match that did not come about. */
  requeues: number
  readonly ended: Set<string>
  readonly promised: Set<string>
  readonly found: Set<string>
}

/** Checks the queue: a ticket ends exactly once, and one that ends with a match has one `match:found`. */
export function createTickets(blame: Blame) {
  const books = new Map<string, Stubs>()

  function bookOf(bot: string): Stubs {
    const book = books.get(bot) ?? {
      asked: new Set(),
      requeues: 0,
      ended: new Set(),
      promised: new Set(),
      found: new Set(),
    }
    books.set(bot, book)
    return book
  }

  return {
    joined: (bot: string, ticketId: string): void => void bookOf(bot).asked.add(ticketId),
    requeued(bot: string): void {
      bookOf(bot).requeues += 1
    },
    ended(bot: string, { ticketId, reason, matchId }: Ending): void {
      const { ended, promised } = bookOf(bot)
      if (ended.has(ticketId)) blame('a ticket ended more than once')
      ended.add(ticketId)
      if ((reason === 'matched') !== (matchId !== undefined))
        blame('a ticket ended as matched without a match, or the other way round')
      if (matchId !== undefined) promised.add(matchId)
    },
    found(bot: string, matchId: string): void {
      const { found } = bookOf(bot)
      if (found.has(matchId)) blame('match:found came twice for one ticket')
      found.add(matchId)
    },
    /** The bot's connection broke: pushes that it did not hear may have been sent. */
    excuse: (bot: string): void => void books.delete(bot),

    /** Reports what should have happened by the end of the run and did not. */
    close(): void {
      for (const { asked, requeues, ended, promised, found } of books.values()) {
        const unasked = ended.difference(asked).size
        blame('a ticket never ended', asked.difference(ended).size + Math.max(0, requeues - unasked))
        blame('a ticket ended that nobody asked for', Math.max(0, unasked - requeues))
        blame('a matched ticket had no match:found', promised.difference(found).size)
        blame('match:found came without a ticket', found.difference(promised).size)
      }
    },
  }
}
