import type { LobbyId, PlayerId } from '../../../protocol/ids.ts'
import { createCounts } from '../../../util/counts.ts'

/** A lobby with room for a player. */
export interface Place {
  id: LobbyId
  /** Settles when the lobby was opened, or could not be. */
  opened: Promise<unknown>
}
interface Opening extends Place {
  host: PlayerId
  capacity: number
}

/** Players on their way into lobbies, and lobbies that are being opened: both count before they are stored. */
export function createBookings() {
  const coming = createCounts<LobbyId>()
  const byMode = new Map<string, Map<LobbyId, Opening>>()

  function forget(mode: string, id: LobbyId): void {
    const openings = byMode.get(mode)
    openings?.delete(id)
    if (openings?.size === 0) byMode.delete(mode)
  }

  return {
    /** How many players are on their way into the lobby. */
    comingTo: coming.of,
    /** Keeps a place in the lobby until the returned function is called. */
    book(id: LobbyId): () => void {
      coming.add(id)
      return () => void coming.remove(id)
    },
    /** A lobby is being opened, until `opened` settles. */
    opening(mode: string, about: Omit<Opening, 'opened'>, opened: Promise<unknown>): void {
      const openings = byMode.get(mode) ?? new Map<LobbyId, Opening>()
      byMode.set(mode, openings.set(about.id, { ...about, opened }))
      const done = () => forget(mode, about.id)
      opened.then(done, done)
    },
    /** The first lobby being opened that has a place left and whose host suits. */
    openingOf(mode: string, isSuitable: (host: PlayerId) => boolean): Place | null {
      for (const opening of byMode.get(mode)?.values() ?? []) {
        if (1 + coming.of(opening.id) < opening.capacity && isSuitable(opening.host)) return opening
      }
      return null
    },
  }
}
