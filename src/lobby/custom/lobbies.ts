import type { LobbyView } from '../../protocol/events/lobbies.ts'
import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import { createRateLimit } from '../../util/rate-limit.ts'
import { createGuessLimit } from '../guess-limit.ts'
import { createCommandQueue } from './command-queue.ts'
import { createLobbyCommit } from './commit.ts'
import { createHosting } from './hosting.ts'
import { createIdleClosing } from './idle-closing.ts'
import { createJoining } from './joining/joining.ts'
import { createOpenings } from './joining/openings.ts'
import { createListing } from './list/listing.ts'
import { createListRequests } from './list/requests.ts'
import { createWatching } from './list/watching.ts'
import { createLobbyMatches } from './matches.ts'
import { createMemberPresence } from './member-presence.ts'
import type { LobbiesParts } from './ports.ts'
import { createLobbyRegistry } from './registry.ts'
import { createRestore } from './restore.ts'
import { createRetry } from './retry.ts'
import { createStart } from './start.ts'
import type { CustomLobby } from './state/custom-lobby.ts'
import { summaryOf, viewOf } from './state/views.ts'
import { createVisibility, keepsSpectators } from './visibility.ts'

// To hash a password takes some milliseconds of a thread.
const HASHING = { burst: 20, everyMs: 1_000 }

export type Lobbies = ReturnType<typeof createLobbies>

/** The custom lobbies of a title, and the list of those that are public. */
export function createLobbies(parts: LobbiesParts) {
  const { clock, log, deliver, matchService } = parts
  const registry = createLobbyRegistry()
  const commandQueue = createCommandQueue(registry)
  const guessLimit = createGuessLimit(clock)
  const hashing = createRateLimit<PlayerId>(clock, HASHING)
  const { hides, maySpectate } = createVisibility({ ...parts, registry })
  const listing = createListing()
  const watching = createWatching({ listing, hides, deliver, clock })
  const listRequests = createListRequests({ listing, hides, watching, clock })
  const openings = createOpenings()
  const retry = createRetry({ isStopped: commandQueue.isStopped, clock, log })
  const graceEnded = (id: LobbyId) => presence.graceEnded(id)
  const lobbyCommit = createLobbyCommit({ ...parts, registry, changed, deadlinePassed: graceEnded })
  const common = { ...parts, registry, lobbyCommit, commandQueue, retry }
  const idleClosing = createIdleClosing(common)
  const presence = createMemberPresence(common)
  const { arrived, departed, renamed } = presence
  const joining = createJoining({ ...common, openings, guessLimit, hashing, departed })
  const hosting = createHosting({ ...common, hashing, sealed: ({ id }) => guessLimit.forget(id) })
  const lobbyMatches = createLobbyMatches(common)

  parts.time.onOutage((outageMs) => {
    idleClosing.addBack(outageMs)
    presence.extendGraces(outageMs)
  })

  /** Passes a lobby's new state on to everything that follows it. */
  function changed(id: LobbyId, lobby: CustomLobby | null, before: CustomLobby | null): void {
    if (before && !keepsSpectators(before, lobby))
      matchService.lobbyChanged(id, lobby && lobby.visibility === 'private')
    if (listing.set(id, lobby && summaryOf(lobby))) watching.changed()
    openings.set(id, lobby)
    idleClosing.set(id, lobby)
    if (lobby) return
    guessLimit.forget(id)
    parts.gone?.(id)
  }

  /** A host has blocked another player, or no longer does: what that player may see changes. */
  function blockChanged(by: PlayerId, other: PlayerId): void {
    const lobby = registry.ofPlayer(by)
    if (lobby?.host !== by) return
    watching.blockChanged(other, lobby.id)
    matchService.lobbyChanged(lobby.id, lobby.visibility === 'private')
  }

  /** A member has made a request, of whatever kind. */
  function active(playerId: PlayerId): void {
    const lobby = registry.ofPlayer(playerId)
    if (lobby) idleClosing.active(lobby.id, clock.now())
  }

  /** The lobby that the player is in, or undefined. */
  function lobbyOf(playerId: PlayerId): LobbyView | undefined {
    const lobby = registry.ofPlayer(playerId)
    return lobby && viewOf(lobby)
  }

  /** All members of the player's lobby, or null. */
  function companyOf(playerId: PlayerId): { id: LobbyId; players: PlayerId[] } | null {
    const lobby = registry.ofPlayer(playerId)
    return lobby ? { id: lobby.id, players: lobby.members.map((member) => member.playerId) } : null
  }

  /** Leaves everything as it is stored, for the next start. */
  async function stop(): Promise<void> {
    await commandQueue.stop()
    for (const one of [lobbyCommit, watching, idleClosing, retry, guessLimit]) one.stop()
    registry.clear()
    openings.clear()
  }

  return {
    ...joining,
    ...hosting,
    list: listRequests.list,
    watch: listRequests.watch,
    unwatch: listRequests.unwatch,
    start: createStart({ ...common, lobbyMatches }),
    news: lobbyMatches.news,
    restore: createRestore({ ...common, lobbyMatches }),
    arrived,
    departed,
    renamed,
    active,
    blockChanged,
    lobbyOf,
    companyOf,
    maySpectate,
    stop,
    size: registry.size,
    /** How many entries there are. */
    census: () => ({ lobbies: registry.size(), watchers: watching.size() }),
  }
}
