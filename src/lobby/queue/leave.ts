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

// A player who leaves within this time cannot have seen the proposal: the message and the hand need time.
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

/** `queue:leave`. It has one outcome, whatever happens to the ticket at that moment. */
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

  /** Declines the proposal; null when the proposal was settled before that. */
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
