import type { MatchId } from '../../protocol/ids.ts'
import { tellCancelled } from '../match-announcements.ts'
import type { CancelledMatch } from '../ports.ts'
import type { LobbyMatch } from '../seats/views.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyCommit } from './commit.ts'
import type { LobbiesParts } from './ports.ts'
import type { LobbyRegistry } from './registry.ts'
import type { Retry } from './retry.ts'
import type { CustomLobby } from './state/custom-lobby.ts'
import { reopen } from './state/membership.ts'

interface MatchesParts extends Pick<LobbiesParts, 'seats' | 'people' | 'clock'> {
  registry: LobbyRegistry
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  retry: Retry
}
export type LobbyMatches = ReturnType<typeof createLobbyMatches>

/** Keeps each lobby in step with the match that its members play. */
export function createLobbyMatches(parts: MatchesParts) {
  const { registry, lobbyCommit, commandQueue, retry, seats, people, clock } = parts

  /** The lobby plays this match. The match is stored with its lobby, so this counts even if it cannot be stored here. */
  async function began(lobby: CustomLobby, matchId: MatchId): Promise<void> {
    await lobbyCommit.commit({ before: lobby, after: { ...lobby, matchId, activeAt: clock.now() }, isSure: true })
    if (!seats.isGoingOn(matchId)) ended(matchId)
  }

  /** The players of a lobby's match play again: the lobby plays that match, if it is open and still theirs. */
  function rematched(match: LobbyMatch): void {
    retry.untilStored(() =>
      commandQueue.ofLobby(match.lobbyId, async (lobby) => {
        if (lobby.matchId === null && isOf(lobby, match) && seats.isGoingOn(match.matchId))
          await began(lobby, match.matchId)
      }),
    )
  }

  /** A match is over. The lobby that played it, if any, is open again. */
  function ended(matchId: MatchId): void {
    retry.untilStored(async () => {
      const lobby = registry.ofMatch(matchId)
      if (!lobby) return
      await commandQueue.ofLobby(lobby.id, async (now) => {
        if (now.matchId === matchId) await lobbyCommit.commit({ before: now, after: reopen(now, clock.now()) })
      })
    })
  }

  /** Members of a lobby never queued: they are not requeued, and get no penalty. */
  function cancelled({ matchId, reason, wasProposed, innocent, others }: CancelledMatch): void {
    for (const { playerId } of [...innocent, ...others])
      tellCancelled(people, playerId, { matchId, reason, wasProposed, requeued: false })
  }

  /**
   * A stored lobby with the match that it plays now. The matches decide: the process may have ended after it stored the
   * match and before it stored the lobby.
   */
  function resume(lobby: CustomLobby, matches: readonly LobbyMatch[]): CustomLobby {
    if (lobby.matchId !== null && seats.isGoingOn(lobby.matchId)) return lobby
    const match = matches.find((one) => one.lobbyId === lobby.id && isOf(lobby, one))
    if (match) return { ...lobby, matchId: match.matchId }
    return lobby.matchId === null ? lobby : reopen(lobby, clock.now())
  }

  return {
    began,
    resume,
    news: {
      ended,
      cancelled,
      rematched,
      /** Whether a lobby plays the match; older stored matches do not name their lobby. */
      isOurs: (matchId: MatchId) => registry.ofMatch(matchId) !== undefined,
    },
  }
}

const isOf = ({ members }: CustomLobby, { players }: LobbyMatch): boolean =>
  members.some(({ playerId }) => players.includes(playerId))
