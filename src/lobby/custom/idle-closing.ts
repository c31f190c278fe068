import type { EpochMs } from '../../ports.ts'
import type { LobbyId } from '../../protocol/ids.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyCommit } from './commit.ts'
import { createIdleness } from './idleness.ts'
import type { LobbiesParts } from './ports.ts'
import type { Retry } from './retry.ts'
import type { CustomLobby } from './state/custom-lobby.ts'

interface IdleClosingParts extends Pick<LobbiesParts, 'idleMs' | 'deliver' | 'time' | 'log'> {
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  retry: Retry
}

/** Closes a lobby in which nobody does anything, after a warning to its members. */
export function createIdleClosing(parts: IdleClosingParts) {
  const { idleMs, deliver, time, log, lobbyCommit, commandQueue, retry } = parts
  const idleness = createIdleness({ idleMs, warn, close, clock: time })

  function warn(id: LobbyId, at: EpochMs): void {
    deliver({ lobby: id }, 'lobby:closing', { lobbyId: id, at })
  }

  function close(id: LobbyId): void {
    retry.untilStored(() => commandQueue.ofLobby(id, closeIdle))
  }

  async function closeIdle(lobby: CustomLobby): Promise<void> {
    // A member did something at the last moment.
    if (!idleness.isIdle(lobby.id)) return idleness.restart(lobby.id)
    log.info({ lobby: lobby.id, members: lobby.members.length }, 'idle lobby closed')
    await lobbyCommit.commit({ before: lobby, after: null, out: 'idle' })
  }

  return {
    /** Takes note of what a lobby is now; only an open lobby can be idle. */
    set(id: LobbyId, lobby: CustomLobby | null): void {
      if (lobby && lobby.matchId === null) idleness.watch(id, lobby.activeAt)
      else idleness.forget(id)
    },
    active: idleness.active,
    addBack: idleness.addBack,
    stop: idleness.stop,
  }
}
