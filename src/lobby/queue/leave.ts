import type { Clock } from '../../ports.ts'
import type { AnswerOf } from '../../protocol/declare.ts'
import type { lobby } from '../../protocol/events/lobby.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { MatchService } from '../ports.ts'
import type { SeatIndex } from '../seats/seat-index.ts'
import type { Excuses } from './penalties/excuses.ts'
import type { Lifecycle } from './tickets/lifecycle.ts'
import type { Ticket, TicketRegistry } from './tickets/tickets.ts'

// What was proposed so lately was not seen by whoever leaves: a message on its way, and the time it takes to press a button.
const CROSSING_MS = 1_000

type Left = AnswerOf<(typeof lobby.requests)['queue:leave']>

interface LeaveParts {
  tickets: TicketRegistry
  lifecycle: Lifecycle
  excuses: Excuses
  matchService: MatchService
  seats: Pick<SeatIndex, 'liveSeatOf' | 'proposalOf'>
  clock: Clock
}

/** Takes a player's ticket out, whatever happens to it at that moment: there is one outcome. */
export function createLeave({ tickets, lifecycle, excuses, matchService, seats, clock }: LeaveParts) {
  async function leave(playerId: PlayerId): Promise<Left | Refusal> {
    const ticket = tickets.of(playerId)
    if (!ticket) return tooLate(playerId) ?? refuse('NOT_QUEUED')
    if (ticket.state.is === 'opening') await ticket.busy
    if (ticket.state.is === 'proposed') {
      await ticket.busy
      const answer = (await decline(playerId, ticket)) ?? tooLate(playerId)
      if (answer) return answer
    }
    return lifecycle.apply(ticket, { type: 'player.left' }) ? accept({ outcome: 'cancelled' }) : refuse('NOT_QUEUED')
  }

  /** Who leaves while asked to accept has declined; null when it came to nothing before that, or to a match. */
  async function decline(playerId: PlayerId, { state }: Ticket): Promise<Left | Refusal | null> {
    const matchId = seats.proposalOf(playerId)?.matchId
    if (!matchId) return null
    const proposedAt = state.is === 'proposed' ? state.proposedAt : null
    if (proposedAt !== null && clock.now() < proposedAt + CROSSING_MS) excuses.add(matchId, playerId, 'crossed')
    const reply = await matchService.answerProposal({ matchId, playerId }, 'declined')
    if (reply.ok) return accept({ outcome: 'cancelled' as const })
    return reply.error.retryable ? reply : null
  }

  function tooLate(playerId: PlayerId): Left | null {
    const matchId = seats.liveSeatOf(playerId)?.matchId
    return matchId ? accept({ outcome: 'tooLate' as const, matchId }) : null
  }

  return leave
}
