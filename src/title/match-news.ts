import type { Lobbies } from '../lobby/custom/lobbies.ts'
import { tellEnded } from '../lobby/match-announcements.ts'
import type { MissedEndings } from '../lobby/people/missed-endings.ts'
import type { Queue } from '../lobby/queue/queue.ts'
import type { SeatIndex } from '../lobby/seats/seat-index.ts'
import type { Social } from '../lobby/social.ts'
import type { MatchInBrief, MatchNews } from '../match/ports.ts'
import { visitEach } from '../util/walls.ts'

interface Listeners {
  queue: Queue
  lobbies: Lobbies
  social: Social
  seats: SeatIndex
  missedEndings: MissedEndings
  operators: { matchChanged: (match: MatchInBrief) => void }
}

/** Passes the news of matches to the services of the lobby, which are created after the matches: hence the getter. */
export const matchNewsFor = (listeners: () => Listeners): MatchNews => ({
  progressed: (news) => listeners().queue.news.progressed(news),
  confirmed: (offers) => listeners().queue.news.confirmed(offers),
  cancelled(cancelled) {
    const { queue, lobbies } = listeners()
    const isOfLobby = cancelled.origin.by === 'lobby' || lobbies.news.isOurs(cancelled.matchId)
    const { news } = isOfLobby ? lobbies : queue
    news.cancelled(cancelled)
  },
  delayed: (...news) => listeners().queue.news.delayed(...news),
  cameInVain: (...news) => listeners().queue.news.cameInVain(...news),
  left: (...news) => listeners().queue.news.left(...news),
  rematched({ matchId, rematchOf, origin, offers }) {
    const { queue, lobbies } = listeners()
    const players = offers.map(({ playerId }) => playerId)
    if (origin.by === 'lobby') lobbies.news.rematched({ matchId, lobbyId: origin.lobbyId, players })
    queue.news.rematched(offers, rematchOf)
  },
  deserted({ matchId, origin, players }) {
    if (origin.by !== 'lobby') listeners().queue.news.deserted(matchId, players)
  },
  began(matchId, teams) {
    const { queue, social } = listeners()
    queue.news.began(matchId, teams)
    social.played(teams.flat())
  },
  concluded(matchId, endings) {
    const { people } = listeners().missedEndings
    visitEach(endings, ({ playerId, reason }) => tellEnded(people, playerId, { matchId, reason }))
  },
  roomChanged: (room) => listeners().queue.news.roomChanged(room),
  changed: (match) => listeners().operators.matchChanged(match),
  ended(matchId) {
    const { queue, lobbies } = listeners()
    visitEach([queue.news, lobbies.news], (news) => news.ended(matchId))
  },
  gone(matchId) {
    const { seats, social } = listeners()
    visitEach([() => seats.close(matchId), () => social.chat.ended('match', matchId)], (close) => close())
  },
  seats: (news) => listeners().seats.update(news),
})
