import type { Cancel, Clock, EpochMs } from '../../ports.ts'
import type { LobbyId } from '../../protocol/ids.ts'

// Long enough for whoever is still there to say so.
const WARNING_MS = 60_000

interface IdlenessParts {
  idleMs: number
  /** Told once that the lobby will be closed at that instant, unless somebody does something. */
  warn: (id: LobbyId, at: EpochMs) => void
  close: (id: LobbyId) => void
  clock: Clock
}
interface Watched {
  activeAt: EpochMs
  isWarned: boolean
  cancel: Cancel
}

/** Notices lobbies in which nobody does anything. To say that somebody does costs next to nothing. */
export function createIdleness({ idleMs, warn, close, clock }: IdlenessParts) {
  const watched = new Map<LobbyId, Watched>()
  const warningMs = idleMs > WARNING_MS ? WARNING_MS : idleMs / 2

  const warningAt = ({ activeAt }: Watched): EpochMs => activeAt + idleMs - warningMs

  // A timer is not moved with each activity: it looks when it rings, and is set again for what is left.
  function arm(id: LobbyId, lobby: Watched): void {
    const at = lobby.isWarned ? lobby.activeAt + idleMs : warningAt(lobby)
    lobby.cancel = clock.at(at, () => ring(id, lobby))
  }

  function ring(id: LobbyId, lobby: Watched): void {
    const now = clock.now()
    if (now >= lobby.activeAt + idleMs) return close(id)
    if (now >= warningAt(lobby) && !lobby.isWarned) {
      lobby.isWarned = true
      warn(id, lobby.activeAt + idleMs)
    }
    arm(id, lobby)
  }

  /** Somebody did something in the lobby at that instant. */
  function active(id: LobbyId, at: EpochMs): void {
    const lobby = watched.get(id)
    if (!lobby || at <= lobby.activeAt) return
    lobby.activeAt = at
    if (!lobby.isWarned) return
    lobby.isWarned = false
    lobby.cancel()
    arm(id, lobby)
  }

  return {
    active,
    /** The service served nobody for so long, so nobody could do anything. */
    addBack(outageMs: number): void {
      for (const [id, lobby] of watched) {
        lobby.activeAt += outageMs
        lobby.cancel()
        arm(id, lobby)
        if (lobby.isWarned) warn(id, lobby.activeAt + idleMs)
      }
    },
    /** From now on, if not already. */
    watch(id: LobbyId, activeAt: EpochMs): void {
      if (watched.has(id)) return active(id, activeAt)
      const lobby: Watched = { activeAt, isWarned: false, cancel: () => {} }
      watched.set(id, lobby)
      arm(id, lobby)
    },
    /** It was not closed after all. */
    restart(id: LobbyId): void {
      const lobby = watched.get(id)
      lobby?.cancel()
      if (lobby) arm(id, lobby)
    },
    forget(id: LobbyId): void {
      watched.get(id)?.cancel()
      watched.delete(id)
    },
    /** Whether nobody has done anything in it for so long. */
    isIdle(id: LobbyId): boolean {
      const lobby = watched.get(id)
      return lobby !== undefined && clock.now() >= lobby.activeAt + idleMs
    },
    stop(): void {
      for (const { cancel } of watched.values()) cancel()
      watched.clear()
    },
  }
}
