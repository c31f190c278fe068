import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import type { CommandQueue } from './command-queue.ts'
import type { LobbyCommit } from './commit.ts'
import type { LobbiesParts } from './ports.ts'
import type { LobbyRegistry } from './registry.ts'
import type { Retry } from './retry.ts'
import { type CustomLobby, isAway, memberOf, type Player, withMember } from './state/custom-lobby.ts'
import { addBack, comeBack, drop, pass } from './state/membership.ts'

interface PresenceParts extends Pick<LobbiesParts, 'people' | 'clock'> {
  registry: LobbyRegistry
  lobbyCommit: LobbyCommit
  commandQueue: CommandQueue
  retry: Retry
}
/** A change of the player's own lobby, made if `isNews` still holds when its turn comes. */
interface Change {
  isNews: (own: CustomLobby) => boolean
  next: (own: CustomLobby) => CustomLobby
}

/** What a lobby makes of its members' connections: who is present, who is away, and whose grace is over. */
export function createMemberPresence({ registry, lobbyCommit, commandQueue, retry, people, clock }: PresenceParts) {
  function follow(playerId: PlayerId, { isNews, next }: Change): void {
    if (!registry.ofPlayer(playerId)) return
    retry.untilStored(() =>
      commandQueue.ofPlayer(playerId, [], async (own) => {
        if (own && isNews(own) && !commandQueue.isStopped()) await lobbyCommit.commit({ before: own, after: next(own) })
      }),
    )
  }

  /** The player's first connection has come. */
  const arrived = (player: Player): void =>
    follow(player.id, {
      isNews: (own) => people.isOnline(player.id) && isAway(own, player.id),
      next: (own) => comeBack(own, player),
    })

  /** The player's last connection is gone. */
  const departed = (playerId: PlayerId): void =>
    follow(playerId, {
      isNews: (own) => !people.isOnline(playerId) && !isAway(own, playerId),
      next: (own) => drop(own, playerId, clock.now()),
    })

  /** The player has another name now. */
  function renamed({ id, name }: Player): void {
    const isNews = (own: CustomLobby) => memberOf(own, id)?.name !== name
    const lobby = registry.ofPlayer(id)
    if (lobby && isNews(lobby)) follow(id, { isNews, next: (own) => withMember(own, id, { name }) })
  }

  /** The grace of a member may be over. */
  function graceEnded(id: LobbyId): void {
    retry.untilStored(() =>
      commandQueue.ofLobby(id, (lobby) =>
        lobbyCommit.commit({ before: lobby, after: pass(lobby, clock.now()), out: 'away' }),
      ),
    )
  }

  /** Adds an outage back to the grace of each member who is away. */
  function extendGraces(outageMs: number): void {
    const extend = (lobby: CustomLobby) => lobbyCommit.commit({ before: lobby, after: addBack(lobby, outageMs) })
    for (const { id, members } of registry.all()) {
      if (members.some(({ awayUntil }) => awayUntil !== null)) retry.untilStored(() => commandQueue.ofLobby(id, extend))
    }
  }

  return { arrived, departed, renamed, graceEnded, extendGraces }
}
