import type { PlayerId } from '../../protocol/ids.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import { createKeyedQueue } from '../../util/keyed-queue.ts'
import { NotStored } from './commit.ts'
import type { LobbyRegistry } from './registry.ts'
import type { CustomLobby } from './state/custom-lobby.ts'

// Requests of all players together. More waiting requests mean that the store does not answer.
const MAX_WAITING = 10_000

export type CommandQueue = ReturnType<typeof createCommandQueue>

/** Runs the commands of each lobby and of each player one at a time. */
export function createCommandQueue(registry: LobbyRegistry) {
  const queue = createKeyedQueue()
  let isStopped = false

  /** Answers a request; refuses it when its change could not be stored. */
  async function answer<T extends object>(work: () => Promise<T | Refusal>): Promise<T | Refusal> {
    if (isStopped) return refuse('DRAINING')
    if (queue.waiting() >= MAX_WAITING) return refuse('OVERLOADED')
    try {
      return await work()
    } catch (fault) {
      if (fault instanceof NotStored) return refuse('UNAVAILABLE')
      throw fault
    }
  }

  /** Runs work that holds the player, the lobby that they are in by then, and these keys. */
  async function ofPlayer<T>(
    playerId: PlayerId,
    keys: readonly string[],
    work: (own: CustomLobby | undefined) => Promise<T>,
  ): Promise<T> {
    const seen = registry.ofPlayer(playerId)?.id
    const outcome = await queue.inTurn([playerId, ...(seen ? [seen] : []), ...keys], async () => {
      const own = registry.ofPlayer(playerId)
      const isOurs = own === undefined || own.id === seen || keys.includes(own.id)
      return isOurs ? { done: await work(own) } : null
    })
    return outcome ? outcome.done : ofPlayer(playerId, keys, work)
  }

  /** Runs a member's command on their lobby. */
  const ofMember = <T extends object>(
    playerId: PlayerId,
    work: (own: CustomLobby) => Promise<T | Refusal>,
  ): Promise<T | Refusal> =>
    answer(() => ofPlayer(playerId, [], async (own) => (own ? work(own) : refuse('NOT_IN_LOBBY'))))

  /** Runs the host's command on their lobby. */
  const ofHost = <T extends object>(
    playerId: PlayerId,
    work: (own: CustomLobby) => Promise<T | Refusal>,
  ): Promise<T | Refusal> => ofMember(playerId, async (own) => (own.host === playerId ? work(own) : refuse('NOT_HOST')))

  return {
    answer,
    ofPlayer,
    ofMember,
    ofHost,
    /** Runs work that holds the lobby, if it still exists. */
    ofLobby: (id: CustomLobby['id'], work: (lobby: CustomLobby) => Promise<void>): Promise<void> =>
      queue.inTurn(id, async () => {
        const lobby = registry.get(id)
        if (lobby && !isStopped) await work(lobby)
      }),
    /** Runs work of this name one at a time. */
    alone: <T>(name: string, work: () => Promise<T>): Promise<T> => queue.inTurn(name, work),
    isStopped: () => isStopped,
    /** Refuses new work, and waits for the work that has begun. */
    async stop(): Promise<void> {
      isStopped = true
      await queue.idle()
    },
  }
}
