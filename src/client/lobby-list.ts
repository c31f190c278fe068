import type { AnswerOf, PayloadInputOf } from '../protocol/declare.ts'
import type { LobbySummary } from '../protocol/events/lobbies.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { Refusal } from '../protocol/reply.ts'
import type { Line } from './connection/connection-line.ts'
import { call, type Stop } from './listeners.ts'
import type { Told } from './player-state.ts'

type Watch = (typeof lobbyTable.requests)['lobby:watch']
type Page = AnswerOf<Watch>

export type LobbyFilter = PayloadInputOf<Watch>
export type ListListener = (lobbies: readonly LobbySummary[]) => void
/** Called when the server refuses the watch for good. */
export type WatchRefused = (refusal: Refusal) => void

const RETRY_MS = 1_000

/** The list of public lobbies after the pushes so far, newest first. */
function createLobbyList({ lobbies, version }: Pick<Page, 'lobbies' | 'version'>) {
  const byId = new Map(lobbies.map((lobby) => [lobby.id, lobby]))
  // A push as old as the list belongs to the previous list.
  const isNews = (told: { version: number }) => told.version > version

  return {
    put(told: Told<'lobby:listed'>): void {
      if (isNews(told)) for (const lobby of told.lobbies) byId.set(lobby.id, lobby)
    },
    remove(told: Told<'lobby:unlisted'>): void {
      if (isNews(told)) for (const id of told.lobbyIds) byId.delete(id)
    },
    lobbies: (): LobbySummary[] => [...byId.values()].sort(newestFirst),
  }
}

const newestFirst = (a: LobbySummary, b: LobbySummary): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)

/**
 * Calls the listener with the list of public lobbies now and after each change, also after a reconnect. A connection has
 * one such list: watching again replaces the filter. Returns a function that stops it.
 */
export function watchLobbies(
  line: Line<typeof lobbyTable>,
  filter: LobbyFilter,
  listener: ListListener,
  refused?: WatchRefused,
): Stop {
  const { socket } = line
  let list: ReturnType<typeof createLobbyList> | null = null
  // Pushes may arrive before the code after `await` sees the reply.
  let early: (() => void)[] = []
  let isStopped = false
  let asked = 0

  const put = (told: Told<'lobby:listed'>) => take(() => list?.put(told), told.more)
  const remove = (told: Told<'lobby:unlisted'>) => take(() => list?.remove(told), told.more)
  const tell = (lobbies: readonly LobbySummary[]) => call(() => listener(lobbies))

  // The listener is called after the last push of a change.
  function take(apply: () => void, more?: true): void {
    if (!list) return void early.push(apply)
    apply()
    if (!more) tell(list.lobbies())
  }
  async function watch(): Promise<void> {
    const turn = ++asked
    list = null
    early = []
    const reply = await line.ask('lobby:watch', filter)
    if (isStopped || turn !== asked) return
    if (!reply.ok) return unwatched(reply, turn)
    list = createLobbyList(reply)
    for (const apply of early) apply()
    tell(list.lobbies())
  }
  function unwatched(refusal: Refusal, turn: number): void {
    const { retryable, retryAfterMs = RETRY_MS } = refusal.error
    if (retryable) setTimeout(again, retryAfterMs, turn)
    else call(() => refused?.(refusal))
  }
  const again = (turn: number) => void (!isStopped && turn === asked && watch())
  const reconnected = () => void watch()

  socket.on('lobby:listed', put).on('lobby:changed', put).on('lobby:unlisted', remove).on('connect', reconnected)
  void watch()
  return () => {
    if (isStopped) return
    isStopped = true
    socket.off('lobby:listed', put).off('lobby:changed', put).off('lobby:unlisted', remove).off('connect', reconnected)
    if (socket.connected) void line.ask('lobby:unwatch', {})
  }
}
