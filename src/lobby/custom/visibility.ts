import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import type { LobbiesParts } from './ports.ts'
import type { LobbyRegistry } from './registry.ts'
import { type CustomLobby, memberOf } from './state/custom-lobby.ts'

interface VisibilityParts extends Pick<LobbiesParts, 'isBlocked' | 'isBlockedAtAll'> {
  registry: LobbyRegistry
}

/** Which players may see a lobby in the list, and the match that it plays. */
export function createVisibility({ registry, isBlocked, isBlockedAtAll }: VisibilityParts) {
  return {
    /** Tells by its host whether a lobby is hidden from the viewer; null when nobody has blocked the viewer. */
    hides(viewer: PlayerId) {
      if (!isBlockedAtAll(viewer)) return null
      return (host: PlayerId): boolean => isBlocked(host, viewer)
    },
    /** Whether the player may watch the lobby's match: as a member, or as anyone whom the host of a public lobby has not blocked. */
    maySpectate(playerId: PlayerId, { lobbyId, isPrivate }: { lobbyId: LobbyId; isPrivate: boolean }): boolean {
      const lobby = registry.get(lobbyId)
      if (!lobby) return !isPrivate
      if (memberOf(lobby, playerId)) return true
      return lobby.visibility === 'public' && !isBlocked(lobby.host, playerId)
    },
  }
}

/** Whether everyone who could watch the lobby's match before still can. */
export function keepsSpectators(before: CustomLobby, after: CustomLobby | null): boolean {
  if (!after || after.visibility !== before.visibility || after.host !== before.host) return false
  return before.visibility === 'public' || before.members.every(({ playerId }) => memberOf(after, playerId))
}
