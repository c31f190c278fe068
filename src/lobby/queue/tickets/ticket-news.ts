import type { EndReason } from '../../../machines/ticket/ticket-life.ts'
import type { Clock } from '../../../ports.ts'
import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import { createTicker } from '../../../util/ticker.ts'
import type { People, Player } from '../../ports.ts'
import type { Matchmaking } from '../matching/matchmaking.ts'
import { type Ticket, viewOf, waitedMs } from './tickets.ts'

interface TicketNewsParts {
  people: People
  matchmaking: Pick<Matchmaking, 'estimate' | 'searching'>
  statusChanged: (playerId: PlayerId) => void
  clock: Clock
}
export interface Ending {
  reason: Exclude<EndReason, 'notOpened'>
  matchId?: MatchId | undefined
}
export type TicketNews = ReturnType<typeof createTicketNews>

/** What players hear of their ticket: that it searches, how the search goes, once a second, and how it ended. */
export function createTicketNews({ people, matchmaking, statusChanged, clock }: TicketNewsParts) {
  const ticker = createTicker<Ticket>(clock, tellProgress)

  function tellProgress(ticket: Ticket): void {
    if (ticket.state.is === 'searching') ticket.expectedWaitMs = matchmaking.estimate(ticket)
    const update = {
      ticketId: ticket.id,
      waitedMs: waitedMs(ticket, clock.now()),
      estimatedWaitMs: ticket.expectedWaitMs,
      searching: matchmaking.searching(ticket.mode),
    }
    for (const { id } of ticket.members) people.tell(id, 'queue:updated', update)
  }

  function tellJoined(ticket: Ticket): void {
    const joined = { ticket: viewOf(ticket) }
    for (const { id } of ticket.members) people.tell(id, 'queue:joined', joined)
  }

  /** Tells these players that they have the ticket no more. */
  function tellEnd(
    { id: ticketId }: Pick<Ticket, 'id'>,
    players: readonly Player[],
    { reason, matchId }: Ending,
  ): void {
    for (const { id } of players) {
      people.tell(id, 'queue:ended', { ticketId, reason, ...(matchId && { matchId }) })
      if (reason !== 'matched') people.missed?.(id, { what: 'ticket', id: ticketId, reason })
      statusChanged(id)
    }
  }

  return { follow: ticker.add, unfollow: ticker.delete, tellJoined, tellEnd }
}
