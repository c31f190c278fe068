import type { Mode } from '../../config/modes.ts'
import type { MatchId, PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { CancelledMatch, Offers } from '../ports.ts'
import type { LobbyMatch } from '../seats/seat-index.ts'
import { tellCancelled } from '../tell-cancelled.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyCommit } from './commit.ts'
import type { LobbiesParts } from './ports.ts'
import type { LobbyRegistry } from './registry.ts'
import { namesOf, notHere, seating } from './state/agreement.ts'
import { type CustomLobby, isRefusal, type LobbyMember } from './state/custom-lobby.ts'
import { reopen } from './state/membership.ts'

interface StartParts
  extends Pick<LobbiesParts, 'modes' | 'matchService' | 'seats' | 'people' | 'isQueued' | 'clock' | 'log'> {
  registry: LobbyRegistry
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  /** Does it again later when it could not be stored. */
  retryUntilStored: (work: () => Promise<void>) => void
}
type Started = Accepted<{ matchId: MatchId }>

/** From the lobby into a match, and back. */
export function createStart(parts: StartParts) {
  const {
    modes,
    matchService,
    seats,
    people,
    isQueued,
    clock,
    log,
    registry,
    lobbyCommit,
    commandQueue,
    retryUntilStored,
  } = parts

  const start = (playerId: PlayerId): Promise<Started | Refusal> =>
    commandQueue.ofHost(playerId, async (own) => {
      const mode = modes.get(own.mode)
      if (!mode) return refuse('UNKNOWN_MODE')
      if (!matchService.isOpen()) return refuse('UNAVAILABLE')
      const members = seating(own, mode)
      if (isRefusal(members)) return members
      return whyNotFree(members) ?? makeMatch(own, mode, members)
    })

  // From here to the reservation without a pause: whoever is free now has a seat before anyone can ask for another.
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
    await playsIn(own, matchId)
    if ('offers' in opened) tellOffers(opened.offers)
    return accept({ matchId })
  }

  // That the match is the lobby's is stored with the match, so it is true whether this can be stored or not.
  async function playsIn(lobby: CustomLobby, matchId: MatchId): Promise<void> {
    await lobbyCommit.commit({ before: lobby, after: { ...lobby, matchId, activeAt: clock.now() }, isSure: true })
    if (!seats.isGoingOn(matchId)) ended(matchId)
  }

  /** Those who played for a lobby play again: it is in that match, if it is still theirs and in no other one. */
  function rematched(match: LobbyMatch): void {
    retryUntilStored(() =>
      commandQueue.ofLobby(match.lobbyId, async (lobby) => {
        if (lobby.matchId === null && isOf(lobby, match) && seats.isGoingOn(match.matchId))
          await playsIn(lobby, match.matchId)
      }),
    )
  }

  function tellOffers(offers: Offers): void {
    for (const { playerId, offer } of offers)
      people.tell(playerId, 'match:found', { ...offer, joinBy: offer.joinBy ?? clock.now() })
  }

  /** A match is over, whosever it was: the lobby whose members played it is open again. */
  function ended(matchId: MatchId): void {
    retryUntilStored(async () => {
      const lobby = registry.ofMatch(matchId)
      if (!lobby) return
      await commandQueue.ofLobby(lobby.id, async (now) => {
        if (now.matchId === matchId) await lobbyCommit.commit({ before: now, after: reopen(now, clock.now()) })
      })
    })
  }

  /** Those of a lobby never queued: they neither go back to the queue nor have to wait for letting it down. */
  function cancelled({ matchId, reason, wasProposed, innocent, others }: CancelledMatch): void {
    for (const { playerId } of [...innocent, ...others])
      tellCancelled(people, playerId, { matchId, reason, wasProposed, requeued: false })
  }

  return {
    start,
    /**
     * Takes over a lobby from before. Whether it is in a match the matches say: a process may have ended after it had
     * stored the one and before the other.
     */
    resume(lobby: CustomLobby, matches: readonly LobbyMatch[]): CustomLobby {
      if (lobby.matchId !== null && seats.isGoingOn(lobby.matchId)) return lobby
      const match = matches.find((one) => one.lobbyId === lobby.id && isOf(lobby, one))
      if (match) return { ...lobby, matchId: match.matchId }
      return lobby.matchId === null ? lobby : reopen(lobby, clock.now())
    },
    news: {
      ended,
      cancelled,
      rematched,
      /** For matches of before they knew whose they are. */
      isOurs: (matchId: MatchId) => registry.ofMatch(matchId) !== undefined,
    },
  }
}

const isOf = ({ members }: CustomLobby, { players }: LobbyMatch): boolean =>
  members.some(({ playerId }) => players.includes(playerId))
