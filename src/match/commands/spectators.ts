import type { Clock, Log } from '../../ports.ts'
import type { LobbyId } from '../../protocol/ids.ts'
import type { MaySpectate } from '../ports.ts'
import type { MatchRegistry } from '../registry.ts'
import type { Decide, MatchRuntime } from '../runtime/match-runtime.ts'

interface SpectatorsParts {
  registry: MatchRegistry
  maySpectate: MaySpectate
  clock: Clock
  log: Log
}
const RETRY_MS = 1_000

/** Removes spectators of a lobby's match who may no longer watch it. */
export function createSpectators({ registry, maySpectate, clock, log }: SpectatorsParts) {
  /**
   * Call when the access to a lobby changed. Spectators who may no longer watch its match are told and removed.
   * `isPrivate` is null when the lobby is gone.
   */
  function lobbyChanged(lobbyId: LobbyId, isPrivate: boolean | null): void {
    const decide: Decide = ({ snapshot: { context } }) => {
      const { origin, spectators } = context
      if (origin.by !== 'lobby') return null
      const now = { ...origin, isPrivate: isPrivate ?? origin.isPrivate }
      const outsiders = spectators.map(({ playerId }) => playerId).filter((playerId) => !maySpectate(now, playerId))
      if (outsiders.length === 0 && now.isPrivate === origin.isPrivate) return null
      return { type: 'lobby.changed', isPrivate: now.isPrivate, outsiders }
    }
    const tell = (runtime: MatchRuntime) => {
      runtime.post(decide).catch((fault: unknown) => {
        log.error({ match: runtime.id, lobby: lobbyId, err: fault }, 'spectators could not be removed, trying again')
        clock.at(clock.now() + RETRY_MS, () => tell(runtime))
      })
    }
    for (const runtime of registry.ofLobby(lobbyId)) tell(runtime)
  }

  return { lobbyChanged }
}
