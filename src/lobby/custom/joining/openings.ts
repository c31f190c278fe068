import type { LobbyId } from '../../../protocol/ids.ts'
import { type CustomLobby, isAway, isFull } from '../state/custom-lobby.ts'

// The most lobbies looked at for a player.
const MAX_LOOKED_AT = 100

/** Whether strangers may join: public, open, without a password, with room, and with a host who is present. */
export const isOpening = (lobby: CustomLobby): boolean =>
  lobby.visibility === 'public' &&
  lobby.matchId === null &&
  lobby.seal === null &&
  !lobby.isLocked &&
  !isFull(lobby) &&
  !isAway(lobby, lobby.host)

const presentIn = ({ members }: CustomLobby): number =>
  members.reduce((count, { awayUntil }) => count + (awayUntil === null ? 1 : 0), 0)

export type Openings = ReturnType<typeof createOpenings>

/** The lobbies that strangers may join, by mode and by number of present members, to find the fullest quickly. */
export function createOpenings() {
  const byMode = new Map<string, Map<number, Map<LobbyId, CustomLobby>>>()
  const placeOf = new Map<LobbyId, { mode: string; count: number }>()

  function forget(id: LobbyId): void {
    const place = placeOf.get(id)
    placeOf.delete(id)
    const byCount = place && byMode.get(place.mode)
    const lobbies = place && byCount?.get(place.count)
    lobbies?.delete(id)
    if (lobbies?.size === 0) byCount?.delete(place?.count ?? 0)
    if (byCount?.size === 0) byMode.delete(place?.mode ?? '')
  }

  return {
    /** Takes note of a lobby's new state. */
    set(id: LobbyId, lobby: CustomLobby | null): void {
      forget(id)
      if (!lobby || !isOpening(lobby)) return
      const { mode } = lobby
      const count = presentIn(lobby)
      const byCount = byMode.get(mode) ?? new Map<number, Map<LobbyId, CustomLobby>>()
      const lobbies = byCount.get(count) ?? new Map<LobbyId, CustomLobby>()
      byMode.set(mode, byCount.set(count, lobbies.set(id, lobby)))
      placeOf.set(id, { mode, count })
    },
    /** The suitable lobby of the mode with most present members. */
    fullest(mode: string, isSuitable: (lobby: CustomLobby) => boolean): CustomLobby | undefined {
      const byCount = byMode.get(mode)
      let left = MAX_LOOKED_AT
      for (const count of [...(byCount?.keys() ?? [])].sort((a, b) => b - a)) {
        for (const lobby of byCount?.get(count)?.values() ?? []) {
          if (left === 0) return undefined
          left -= 1
          if (isSuitable(lobby)) return lobby
        }
      }
      return undefined
    },
    clear(): void {
      byMode.clear()
      placeOf.clear()
    },
  }
}
