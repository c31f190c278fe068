import type { Offers } from '../../../machines/match/seat-news.ts'
import type { Clock } from '../../../ports.ts'
import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import { tellCancelled, tellOffers } from '../../match-announcements.ts'
import type { People } from '../../ports.ts'
import type { SeatIndex } from '../../seats/seat-index.ts'
import type { Excuses } from '../penalties/excuses.ts'
import type { QueuePenalties } from '../penalties/queue-penalties.ts'
import type { MatchedTickets } from '../tickets/matched-tickets.ts'
import type { OpenMatches } from './open-matches.ts'
import type { RecentOpponents } from './recent-opponents.ts'

export interface Progress {
  matchId: MatchId
  accepted: number
  size: number
  players: readonly PlayerId[]
}
interface MatchNewsParts {
  matchedTickets: MatchedTickets
  openMatches: OpenMatches
  opponents: RecentOpponents
  penalties: Pick<QueuePenalties, 'punish'>
  excuses: Excuses
  seats: Pick<SeatIndex, 'announcementOf'>
  people: People
  clock: Clock
}

/** What the queue makes of news from its matches: who is told, which tickets are settled, and who gets a penalty. */
export function createMatchNews(parts: MatchNewsParts) {
  const { matchedTickets, openMatches, opponents, penalties, excuses, seats, people } = parts

  function progressed({ matchId, accepted, size, players }: Progress): void {
    for (const playerId of players) people.tell(playerId, 'match:progress', { matchId, accepted, size })
  }

  /** A deadline has moved: tells these players, who were asked to accept or have seats. */
  function delayed(matchId: MatchId, players: readonly PlayerId[]): void {
    const news = seats.announcementOf(matchId)
    if (!news) return
    if ('proposal' in news) for (const playerId of players) people.tell(playerId, 'match:proposed', news.proposal)
    else
      tellOffers(
        parts,
        news.offers.filter(({ playerId }) => players.includes(playerId)),
      )
  }

  /** Play has begun: from here on no player goes back to the queue. */
  function began(matchId: MatchId, teams: readonly (readonly PlayerId[])[]): void {
    matchedTickets.began(matchId)
    opponents.met(teams)
  }

  function ended(matchId: MatchId): void {
    matchedTickets.ended(matchId)
    excuses.forget(matchId)
    openMatches.ended(matchId)
  }

  /** The match goes on without these players. Those who lost a reserved seat hear why. */
  function left(matchId: MatchId, players: readonly PlayerId[], noShows: readonly PlayerId[]): void {
    matchedTickets.left(matchId, players)
    const news = { matchId, reason: 'noShow', wasProposed: false, requeued: false } as const
    for (const playerId of noShows) tellCancelled(people, playerId, news)
  }

  /** These players were not there when play began, which counts as leaving before it. */
  function deserted(matchId: MatchId, players: readonly PlayerId[]): void {
    for (const playerId of players) if (!excuses.of(matchId, playerId)) void penalties.punish(playerId, 'left')
  }

  /** The player came to the match while nothing could be stored. */
  const cameInVain = (matchId: MatchId, playerId: PlayerId): void => excuses.add(matchId, playerId, 'unheard')

  /** The same players have agreed on another match. */
  const rematched = (offers: Offers, rematchOf: MatchId): void => tellOffers(parts, offers, rematchOf)

  const roomChanged = openMatches.changed
  return { progressed, delayed, began, ended, left, deserted, cameInVain, rematched, roomChanged }
}
