import type { Mode } from '../../config/modes.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { tellOffers } from '../match-announcements.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyMatches } from './matches.ts'
import type { LobbiesParts } from './ports.ts'
import { namesOf, notHere, seating } from './state/agreement.ts'
import { type CustomLobby, isRefusal, type LobbyMember } from './state/custom-lobby.ts'

interface StartParts
  extends Pick<LobbiesParts, 'modes' | 'matchService' | 'seats' | 'people' | 'isQueued' | 'clock' | 'log'> {
  commandQueue: CommandQueue
  lobbyMatches: LobbyMatches
}
type Started = Accepted<{ matchId: MatchId }>

/** `lobby:start`: the host starts a match with all members. */
export function createStart(parts: StartParts) {
  const { modes, matchService, seats, people, isQueued, clock, log, commandQueue, lobbyMatches } = parts

  const start = (playerId: PlayerId): Promise<Started | Refusal> =>
    commandQueue.ofHost(playerId, async (own) => {
      const mode = modes.get(own.mode)
      if (!mode) return refuse('UNKNOWN_MODE')
      if (!matchService.isOpen()) return refuse('UNAVAILABLE')
      const members = seating(own, mode)
      if (isRefusal(members)) return members
      return whyNotFree(members) ?? makeMatch(own, mode, members)
    })

  // No await between this check and the reservation: a player who is free now cannot get another seat before it.
  function whyNotFree(members: readonly LobbyMember[]): Refusal | null {
    const gone = members.filter(({ playerId }) => !people.isOnline(playerId))
    if (gone.length > 0) return refuse('NOT_READY', { says: notHere(gone) })
    const busy = members.filter(({ playerId }) => isQueued(playerId) || seats.isSeated(playerId))
    if (busy.length === 0) return null
    return refuse('NOT_READY', {
      says: `Not everyone is free: ${namesOf(busy)}. Whoever is queued or in another match has to leave it first.`,
    })
  }

  async function makeMatch(own: CustomLobby, mode: Mode, members: readonly LobbyMember[]): Promise<Started | Refusal> {
    const queuedAt = clock.now()
    const players = members.map(({ playerId, name, team }) => ({
      playerId,
      name,
      queuedAt,
      ...(team !== null && { team }),
    }))
    const origin = { by: 'lobby' as const, lobbyId: own.id, isPrivate: own.visibility === 'private' }
    const terms = { ...mode, readyCheckMs: 0, lateJoin: false, rated: false }
    const opened = await matchService.open(terms, players, { origin })
    if (!opened) return refuse('UNAVAILABLE')
    const { matchId } = opened
    log.info({ lobby: own.id, match: matchId, players: players.length }, 'lobby started')
    await lobbyMatches.began(own, matchId)
    if ('offers' in opened) tellOffers(parts, opened.offers)
    return accept({ matchId })
  }

  return start
}
