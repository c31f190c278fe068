import type { AnswerOf } from '../protocol/declare.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { PresenceStatus } from '../protocol/events/presence.ts'
import type { Line } from './connection/connection-line.ts'
import { call, type Stop } from './listeners.ts'
import type { WatchRefused } from './lobby-list.ts'

/** The status of each watched player, by player id. */
export type PresenceListener = (presence: ReadonlyMap<string, PresenceStatus>) => void

type Presence = AnswerOf<(typeof lobbyTable.requests)['player:watch']>
interface Watch {
  playerIds: readonly string[]
  listener: PresenceListener
  refused: WatchRefused | undefined
}
/** Subscribes to the replies of the line, in their order with the pushes. */
type OnAnswer = (answered: (event: string, reply: object) => void) => Stop

const RETRY_MS = 1_000

/** The players that a connection watches, for any number of listeners. */
export function createPresenceList(line: Line<typeof lobbyTable>, onAnswer: OnAnswer) {
  const { socket } = line
  const watches = new Set<Watch>()
  const known = new Map<string, PresenceStatus>()

  const isWatched = (playerId: string) => [...watches].some(({ playerIds }) => playerIds.includes(playerId))
  const tell = ({ playerIds, listener }: Watch) => {
    const presence = playerIds.flatMap((id) => {
      const status = known.get(id)
      return status ? [[id, status] as const] : []
    })
    call(() => listener(new Map(presence)))
  }

  async function ask(watch: Watch): Promise<void> {
    const { playerIds, refused } = watch
    const reply = await line.ask('player:watch', { playerIds: [...playerIds] })
    if (!watches.has(watch)) return
    if (reply.ok) return tell(watch)
    const { retryable, retryAfterMs = RETRY_MS } = reply.error
    if (retryable) setTimeout(() => watches.has(watch) && void ask(watch), retryAfterMs)
    else call(() => refused?.(reply))
  }

  function learn({ playerId, status }: { playerId: string; status: PresenceStatus }): void {
    if (isWatched(playerId)) known.set(playerId, status)
  }
  onAnswer((event, reply) => {
    const { presence = [] } = reply as Partial<Presence>
    if (event === 'player:watch') for (const one of presence) learn(one)
  })
  socket.on('player:presence', (told) => {
    const { playerId } = told
    learn(told)
    for (const watch of watches) if (watch.playerIds.includes(playerId)) tell(watch)
  })
  socket.on('connect', () => {
    for (const watch of watches) void ask(watch)
  })

  // The server only forgets all players at once.
  function unwatch(watch: Watch): void {
    if (!watches.delete(watch)) return
    const gone = watch.playerIds.filter((id) => !isWatched(id))
    for (const id of gone) known.delete(id)
    if (gone.length === 0 || !socket.connected) return
    void line.ask('player:watch', { playerIds: [] })
    for (const other of watches) void ask(other)
  }

  return {
    watch(playerIds: readonly string[], listener: PresenceListener, refused?: WatchRefused): Stop {
      const watch = { playerIds: [...playerIds], listener, refused }
      watches.add(watch)
      if (playerIds.length > 0) void ask(watch)
      return () => unwatch(watch)
    },
  }
}
