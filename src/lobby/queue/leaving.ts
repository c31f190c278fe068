import type { AnswerOf } from '../../protocol/declare.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import type { lobby } from '../../protocol/lobby.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { MatchDesk } from '../ports.ts'
import type { Entries } from './entries.ts'
import type { Lifecycle } from './lifecycle.ts'

type Left = AnswerOf<(typeof lobby.requests)['queue:leave']>

interface LeavingParts {
  entries: Entries
  lifecycle: Lifecycle
  desk: MatchDesk
}

/** Takes a player's ticket out, whatever happens to it at that moment: there is one outcome. */
export function createLeaving({ entries, lifecycle, desk }: LeavingParts) {
  async function leave(playerId: PlayerId): Promise<Left | Refusal> {
    const entry = entries.of(playerId)
    if (!entry) return tooLate(playerId) ?? refuse('NOT_QUEUED')
    if (entry.standing.is === 'opening') await entry.standing.opened
    if (entry.standing.is === 'matching') {
      await entry.standing.match
      const answer = (await decline(playerId)) ?? tooLate(playerId)
      if (answer) return answer
    }
    return lifecycle.end(entry, 'cancelled') ? accept({ outcome: 'cancelled' }) : refuse('NOT_QUEUED')
  }

  /** Who leaves while asked to accept has declined; null when it came to nothing before that, or to a match. */
  async function decline(playerId: PlayerId): Promise<Left | Refusal | null> {
    const matchId = desk.proposalOf(playerId)?.matchId
    if (!matchId) return null
    const reply = await desk.answerProposal({ matchId, playerId }, 'declined')
    if (reply.ok) return accept({ outcome: 'cancelled' as const })
    return reply.error.retryable ? reply : null
  }

  function tooLate(playerId: PlayerId): Left | null {
    const matchId = desk.liveSeatOf(playerId)?.matchId
    return matchId ? accept({ outcome: 'tooLate' as const, matchId }) : null
  }

  return leave
}
