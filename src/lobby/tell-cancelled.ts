import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { CancelledMatch, People } from './ports.ts'

interface Cancelled extends Pick<CancelledMatch, 'reason' | 'wasProposed'> {
  matchId: MatchId
  /** Whether the player searches on. */
  requeued: boolean
}

/** Tells a player that a match came to nothing for them; one who is not here finds it in the next session. */
export function tellCancelled(people: People, playerId: PlayerId, { wasProposed, ...said }: Cancelled): void {
  people.tell(playerId, 'match:cancelled', said)
  people.missed?.(playerId, { what: wasProposed ? 'proposal' : 'match', id: said.matchId, reason: said.reason })
}
