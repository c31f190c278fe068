import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { Ticket } from './tickets.ts'

export type MatchedTickets = ReturnType<typeof createMatchedTickets>

/**
 * Tickets that ended in a match which has not begun yet. It may still come to nothing, also after a restart, so they
 * stay on record until then; `forget` takes one off it.
 */
export function createMatchedTickets(forget: (ticket: Ticket) => void) {
  const waiting = new Map<MatchId, Ticket[]>()
  /** Matches that have begun and go on. */
  const begun = new Set<MatchId>()

  function settle(matchId: MatchId): void {
    for (const ticket of waiting.get(matchId) ?? []) forget(ticket)
    waiting.delete(matchId)
  }

  return {
    add(matchId: MatchId, ticket: Ticket): void {
      const there = waiting.get(matchId)
      if (begun.has(matchId)) forget(ticket)
      else if (there) there.push(ticket)
      else waiting.set(matchId, [ticket])
    },
    all: (): Ticket[] => [...waiting.values()].flat(),
    of: (matchId: MatchId): readonly Ticket[] => waiting.get(matchId) ?? [],
    /** The match goes on without these, whose tickets are not needed any more. */
    left(matchId: MatchId, players: readonly PlayerId[]): void {
      const gone = new Set(players)
      const rest: Ticket[] = []
      for (const ticket of waiting.get(matchId) ?? []) {
        if (ticket.members.some(({ id }) => gone.has(id))) forget(ticket)
        else rest.push(ticket)
      }
      if (rest.length > 0) waiting.set(matchId, rest)
      else waiting.delete(matchId)
    },
    /** From here on nobody goes back to the queue. */
    began(matchId: MatchId): void {
      settle(matchId)
      begun.add(matchId)
    },
    /** The match is over, or has come to nothing. */
    ended(matchId: MatchId): void {
      settle(matchId)
      begun.delete(matchId)
    },
    /** Leaves everything as it is stored, for the next start. */
    letGo(): void {
      waiting.clear()
      begun.clear()
    },
    size: () => waiting.size + begun.size,
  }
}
