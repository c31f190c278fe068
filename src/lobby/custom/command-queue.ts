import type { PlayerId } from '../../protocol/ids.ts'
import { type Refusal, refuse } from '../../protocol/reply.ts'
import { createMultiKeyQueue } from '../../util/multi-key-queue.ts'
import { NotStored } from './commit.ts'
import type { LobbyRegistry } from './registry.ts'
import type { CustomLobby } from './state/custom-lobby.ts'

// Requests of everyone at once; more than this is a store that does not answer.
const MAX_WAITING = 10_000

export type CommandQueue = ReturnType<typeof createCommandQueue>

/** When it is whose turn: each lobby, and each player, has one thing happen to it at a time. */
export function createCommandQueue(registry: LobbyRegistry) {
  const queue = createMultiKeyQueue()
  let isStopped = false

  /** Answers a request in its turn; what could not be stored did not happen. */
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

  /** Runs when nothing else happens to the player, to the lobby they are in by then, and to these. */
  async function ofPlayer<T>(
    playerId: PlayerId,
    keys: readonly string[],
    work: (own: CustomLobby | undefined) => Promise<T>,
  ): Promise<T> {
    const seen = registry.ofPlayer(playerId)?.id
    const outcome = await queue.run([playerId, ...(seen ? [seen] : []), ...keys], async () => {
      const own = registry.ofPlayer(playerId)
      const isOurs = own === undefined || own.id === seen || keys.includes(own.id)
      return isOurs ? { done: await work(own) } : null
    })
    return outcome ? outcome.done : ofPlayer(playerId, keys, work)
  }

  /** For members, of whatever lobby they are in. */
  const ofMember = <T extends object>(
    playerId: PlayerId,
    work: (own: CustomLobby) => Promise<T | Refusal>,
  ): Promise<T | Refusal> =>
    answer(() => ofPlayer(playerId, [], async (own) => (own ? work(own) : refuse('NOT_IN_LOBBY'))))

  /** For the host of a lobby. */
  const ofHost = <T extends object>(
    playerId: PlayerId,
    work: (own: CustomLobby) => Promise<T | Refusal>,
  ): Promise<T | Refusal> => ofMember(playerId, async (own) => (own.host === playerId ? work(own) : refuse('NOT_HOST')))

  return {
    answer,
    ofPlayer,
    ofMember,
    ofHost,
    /** Runs when nothing else happens to that lobby, if it is still there. */
    ofLobby: (id: CustomLobby['id'], work: (lobby: CustomLobby) => Promise<void>): Promise<void> =>
      queue.run([id], async () => {
        const lobby = registry.get(id)
        if (lobby && !isStopped) await work(lobby)
      }),
    /** Runs when no other work of this name does. */
    alone: <T>(name: string, work: () => Promise<T>): Promise<T> => queue.run([name], work),
    isStopped: () => isStopped,
    /** Lets what has begun come to its end, and nothing more begin. */
    async stop(): Promise<void> {
      isStopped = true
      await queue.idle()
    },
  }
}
