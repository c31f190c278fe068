import type { Cancel, Clock, EpochMs } from '../../ports.ts'
import type { LobbyId } from '../../protocol/ids.ts'

// Long enough for a member who is still there to do something.
const WARNING_MS = 60_000

interface IdlenessParts {
  idleMs: number
  /** Called once before the lobby is closed at that instant. */
  warn: (id: LobbyId, at: EpochMs) => void
  close: (id: LobbyId) => void
  clock: Clock
}
interface Watched {
  activeAt: EpochMs
  isWarned: boolean
  cancel: Cancel
}

/** Finds lobbies without activity. Noting an activity is cheap. */
export function createIdleness({ idleMs, warn, close, clock }: IdlenessParts) {
  const watched = new Map<LobbyId, Watched>()
  const warningMs = idleMs > WARNING_MS ? WARNING_MS : idleMs / 2

  const warningAt = ({ activeAt }: Watched): EpochMs => activeAt + idleMs - warningMs

  // An activity does not move the timer. When the timer fires, it is set again for the time that is left.
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

  /** A member did something in the lobby at that instant. */
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
    /** Adds an outage back to every lobby's idle time. */
    addBack(outageMs: number): void {
      for (const [id, lobby] of watched) {
        lobby.activeAt += outageMs
        lobby.cancel()
        arm(id, lobby)
        if (lobby.isWarned) warn(id, lobby.activeAt + idleMs)
      }
    },
    /** Starts watching the lobby, or notes the activity if it is watched already. */
    watch(id: LobbyId, activeAt: EpochMs): void {
      if (watched.has(id)) return active(id, activeAt)
      const lobby: Watched = { activeAt, isWarned: false, cancel: () => {} }
      watched.set(id, lobby)
      arm(id, lobby)
    },
    /** The lobby was not closed: sets its timer again. */
    restart(id: LobbyId): void {
      const lobby = watched.get(id)
      lobby?.cancel()
      if (lobby) arm(id, lobby)
    },
    forget(id: LobbyId): void {
      watched.get(id)?.cancel()
      watched.delete(id)
    },
    /** Whether the lobby has been without activity for `idleMs`. */
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
