import type { LobbyId } from '../../protocol/ids.ts'
import type { MaySpectate } from '../ports.ts'
import type { MatchRegistry } from '../registry.ts'
import type { Decide } from '../runtime/match-runtime.ts'
import type { Insist } from './ask.ts'

interface SpectatorsParts {
  registry: MatchRegistry
  maySpectate: MaySpectate
  insist: Insist
}

/** Removes spectators of a lobby's match who may no longer watch it. */
export function createSpectators({ registry, maySpectate, insist }: SpectatorsParts) {
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
    for (const runtime of registry.ofLobby(lobbyId)) insist(runtime, decide)
  }

  return { lobbyChanged }
}
