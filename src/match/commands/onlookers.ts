import type { Origin } from '../../machines/match/match-context.ts'
import type { Clock, Log } from '../../ports.ts'
import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import type { MatchRegistry } from '../registry.ts'
import type { Decide, MatchRuntime } from '../runtime/match-runtime.ts'

interface OnlookersParts {
  registry: MatchRegistry
  /** Whether the origin of a match lets this player watch it. */
  mayLookOn: (origin: Origin, playerId: PlayerId) => boolean
  clock: Clock
  log: Log
}
const RETRY_MS = 1_000

/** Removes spectators of a lobby's match who may no longer watch it. */
export function createOnlookers({ registry, mayLookOn, clock, log }: OnlookersParts) {
  /**
   * Call when the access to a lobby changed. Spectators who may no longer watch its match are told and removed.
   * `isPrivate` is null when the lobby is gone.
   */
  function lobbyChanged(lobbyId: LobbyId, isPrivate: boolean | null): void {
    const decide: Decide = ({ snapshot: { context } }) => {
      const { origin, spectators } = context
      if (origin.by !== 'lobby') return null
      const now = { ...origin, isPrivate: isPrivate ?? origin.isPrivate }
      const outsiders = spectators.map(({ playerId }) => playerId).filter((playerId) => !mayLookOn(now, playerId))
      if (outsiders.length === 0 && now.isPrivate === origin.isPrivate) return null
      return { type: 'lobby.changed', isPrivate: now.isPrivate, outsiders }
    }
    const tell = (runtime: MatchRuntime) => {
      runtime.post(decide).catch((fault: unknown) => {
        log.error({ match: runtime.id, lobby: lobbyId, err: fault }, 'onlookers could not be let go, trying again')
        clock.at(clock.now() + RETRY_MS, () => tell(runtime))
      })
    }
    for (const runtime of registry.ofLobby(lobbyId)) tell(runtime)
  }

  return { lobbyChanged }
}
