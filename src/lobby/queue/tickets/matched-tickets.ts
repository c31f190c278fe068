import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { Ticket } from './tickets.ts'

export type MatchedTickets = ReturnType<typeof createMatchedTickets>

/**
 * Tickets whose match has not begun yet. The match may still be cancelled, also after a restart, so they stay on record
 * until it begins; `forget` removes one from the record.
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
    /** The match goes on without these players: their tickets are not needed any more. */
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
    /** Play has begun: its players are not requeued any more. */
    began(matchId: MatchId): void {
      settle(matchId)
      begun.add(matchId)
    },
    /** The match is over, or was cancelled. */
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
