import type { LobbyId, MatchId, PlayerId } from '../../protocol/ids.ts'
import type { CustomLobby } from './state/custom-lobby.ts'

export type LobbyRegistry = ReturnType<typeof createLobbyRegistry>

/** The lobbies by id, code, member and match. */
export function createLobbyRegistry() {
  const lobbies = new Map<LobbyId, CustomLobby>()
  const byCode = new Map<string, LobbyId>()
  const byPlayer = new Map<PlayerId, LobbyId>()
  const byMatch = new Map<MatchId, LobbyId>()

  function forget({ id, code, members, matchId }: CustomLobby): void {
    lobbies.delete(id)
    byCode.delete(code)
    if (matchId !== null) byMatch.delete(matchId)
    // A member may be in another lobby by now.
    for (const { playerId } of members) if (byPlayer.get(playerId) === id) byPlayer.delete(playerId)
  }

  function keep(lobby: CustomLobby): void {
    lobbies.set(lobby.id, lobby)
    byCode.set(lobby.code, lobby.id)
    if (lobby.matchId !== null) byMatch.set(lobby.matchId, lobby.id)
    for (const { playerId } of lobby.members) byPlayer.set(playerId, lobby.id)
  }

  const found = (id: LobbyId | undefined): CustomLobby | undefined => (id === undefined ? undefined : lobbies.get(id))

  return {
    get: found,
    ofCode: (code: string) => found(byCode.get(code)),
    ofPlayer: (playerId: PlayerId) => found(byPlayer.get(playerId)),
    ofMatch: (matchId: MatchId) => found(byMatch.get(matchId)),
    all: () => [...lobbies.values()],
    size: () => lobbies.size,
    /** Replaces a lobby by its new state; null for none. */
    replace(before: CustomLobby | null, after: CustomLobby | null): void {
      if (before) forget(before)
      if (after) keep(after)
    },
    clear(): void {
      for (const index of [lobbies, byCode, byPlayer, byMatch]) index.clear()
    },
  }
}
