import type { Offers } from '../machines/match/seat-news.ts'
import type { Clock } from '../ports.ts'
import type { TellsOf } from '../protocol/declare.ts'
import type { lobby } from '../protocol/events/lobby.ts'
import type { MatchId, PlayerId } from '../protocol/ids.ts'
import type { CancelledMatch, People } from './ports.ts'

interface Cancelled extends Pick<CancelledMatch, 'reason' | 'wasProposed'> {
  matchId: MatchId
  /** Whether the player searches on. */
  requeued: boolean
}

/** Tells a player that a match came to nothing for them. A player who is not connected finds it in the next session. */
export function tellCancelled(people: People, playerId: PlayerId, { wasProposed, ...said }: Cancelled): void {
  people.tell(playerId, 'match:cancelled', said)
  people.missed?.(playerId, { what: wasProposed ? 'proposal' : 'match', id: said.matchId, reason: said.reason })
}

type Ended = Parameters<TellsOf<typeof lobby>['match:ended']>[0]
/** Tells a player that a match is over for them. A player who is not connected finds it in the next session. */
export function tellEnded(people: People, playerId: PlayerId, said: Ended): void {
  people.tell(playerId, 'match:ended', said)
  people.missed?.(playerId, { what: 'match', id: said.matchId, reason: said.reason })
}

/** Tells each player where their seat is; `rematchOf` is the match that they played before, if this is its rematch. */
export function tellOffers({ people, clock }: { people: People; clock: Clock }, offers: Offers, rematchOf?: MatchId) {
  for (const { playerId, offer } of offers) {
    const joinBy = offer.joinBy ?? clock.now()
    people.tell(playerId, 'match:found', { ...offer, joinBy, ...(rematchOf && { rematchOf }) })
  }
}
