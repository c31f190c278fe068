import { Manager } from 'socket.io-client'
import type { PayloadInputOf, TellsOf } from '../protocol/declare.ts'
import type { ChatAddress, ChatMessage } from '../protocol/events/chat.ts'
import type { LobbySummary, LobbyView } from '../protocol/events/lobbies.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { match as matchTable } from '../protocol/events/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal } from '../protocol/reply.ts'
import { type AskOptions, type Line, lineOver } from './connection-line.ts'
import type { ConfigTypes, GameOf, ModeId, MoveOf } from './game-types.ts'
import { type ListListener, type LobbyFilter, watchLobbies } from './lobby-list.ts'
import type { MatchListener } from './match-log.ts'
import { joinMatch, type MatchRoom, spectate, type ViewWith, type WatchedMatch } from './match-room.ts'
import type { PlayerState } from './player-state.ts'
import {
  chatRequests,
  lobbyRequests,
  type Methods,
  methodsOf,
  partyRequests,
  peopleRequests,
  queueRequests,
} from './requests.ts'
import { trackState } from './state-tracker.ts'
import { ConnectError, keepConnected, type SessionLost } from './staying-connected.ts'

export type {
  AskOptions,
  ChatAddress,
  ChatMessage,
  ConfigTypes,
  LobbySummary,
  LobbyView,
  MatchEvent,
  MatchListener,
  MatchRoom,
  MatchView,
  Outcome,
  PlayerState,
  Refusal,
  WatchedMatch,
}
export { ConnectError }

/** Your player, and your current ticket, match, party and lobby. */
export type Session = Parameters<TellsOf<typeof lobbyTable>['session']>[0]
/** A party as its members see it. */
export type PartyView = NonNullable<Session['resumed']['party']>

export interface ConnectOptions {
  /** 1 to 24 visible characters; without it the server generates one. */
  name?: string
  /** The token of an earlier session, or of the game's own backend. */
  token?: string
  /** The title of the service to play; by default the service's own. */
  title?: string
  /** Called with each session, including the first, for example to store the token. */
  onSession?: (session: Session) => void
  /**
   * Called when the server refuses the token. Return another token to connect with it, nothing to become a new guest, or
   * throw to stay disconnected. Without this function the client becomes a new guest. A banned player never does.
   */
  sessionLost?: SessionLost
  /** Stops waiting for the first session. */
  signal?: AbortSignal
  /** The time limit of the first session in ms, 15,000 by default; after it `connect` rejects with `UNAVAILABLE`. `Infinity`: no limit. */
  timeoutMs?: number
}
type LobbyLine = Line<typeof lobbyTable>
type Pushes = TellsOf<typeof lobbyTable>

/** A connected player. `Config` is the type of the game's config: `connect<typeof config>(…)`. */
export interface Muster<Config extends ConfigTypes = ConfigTypes> {
  /** The newest session; every connection brings a fresh token. */
  readonly session: Session
  /** What is yours right now: ticket, proposal, match, party and lobby; after a reconnect as the server says. */
  readonly state: PlayerState
  readonly queue: Omit<Methods<typeof queueRequests>, 'join'> & {
    join(payload: QueueJoin<Config>, options?: AskOptions): ReturnType<Methods<typeof queueRequests>['join']>
  }
  readonly lobbies: Methods<typeof lobbyRequests> & {
    /** Calls the listener with the list of public lobbies now and after each change. One listener at a time; returns a function that stops it. */
    watch(filter: LobbyFilter, listener: ListListener): () => void
  }
  readonly party: Methods<typeof partyRequests>
  readonly chat: Methods<typeof chatRequests>
  readonly people: Methods<typeof peopleRequests>
  /** Calls the listener for a push of `/lobby`, for example `match:found`. Returns a function that stops it. */
  on<Event extends keyof Pushes>(event: Event, listener: Pushes[Event]): () => void
  /** Calls the listener after each change of `state`. Returns a function that stops it. */
  onState(listener: (state: PlayerState) => void): () => void
  /**
   * Takes the seat in a match and keeps it through lost connections. Name the mode to have its types:
   * `joinMatch<'chess'>(matchId, …)`.
   */
  joinMatch<Mode extends ModeId<Config> = ModeId<Config>>(
    matchId: string,
    listener?: MatchListener<ViewWith<GameOf<Config, Mode>>>,
    options?: AskOptions,
  ): Promise<MatchRoom<MoveOf<Config, Mode>, GameOf<Config, Mode>> | Refusal>
  /** Watches a match without a seat. */
  spectate<Mode extends ModeId<Config> = ModeId<Config>>(
    matchId: string,
    listener?: MatchListener<ViewWith<GameOf<Config, Mode>>>,
    options?: AskOptions,
  ): Promise<WatchedMatch<GameOf<Config, Mode>> | Refusal>
  close(): void

  /** The namespaces themselves, for requests and pushes by their names in docs/protocol.md. */
  readonly lobby: LobbyLine
  readonly match: Line<typeof matchTable>
  /** The same as `lobbies.watch`. */
  watchLobbies(filter: LobbyFilter, listener: ListListener): () => void
}
type QueueJoin<Config extends ConfigTypes> = Omit<
  PayloadInputOf<(typeof lobbyTable.requests)['queue:join']>,
  'mode'
> & { mode: ModeId<Config> }

const TIMEOUT_MS = 15_000

/**
 * Connects to a Muster server: `/lobby` and `/match` over one WebSocket. Resolves with the first session; afterwards it
 * reconnects by itself as the same player. Rejects with a `ConnectError` when the server refuses or does not answer in
 * time, with the signal's reason, or with the error that `sessionLost` threw.
 */
export function connect<Config extends ConfigTypes = ConfigTypes>(
  url: string,
  options: ConnectOptions = {},
): Promise<Muster<Config>> {
  const { name, token, title, onSession, sessionLost, signal, timeoutMs = TIMEOUT_MS } = options
  if (signal?.aborted) return Promise.reject(signal.reason)
  const manager = new Manager(url, { transports: ['websocket'] })
  let session: Session | undefined
  const bearer: { token?: string | undefined; name?: string | undefined } = { token, name }
  const auth = (give: (auth: object) => void) => {
    const current = bearer.token === undefined ? {} : { token: bearer.token }
    // A session's token contains the name, and another tab may have changed the name since.
    const isNamed = bearer.name !== undefined && !(session && bearer.token === session.token)
    give(isNamed ? { ...current, name: bearer.name } : current)
  }
  const prefix = title === undefined ? '' : `/${title}`
  const lobby = lineOver<typeof lobbyTable>(manager.socket(`${prefix}/lobby`, { auth }))
  const match = lineOver<typeof matchTable>(manager.socket(`${prefix}/match`, { auth }))
  // `/match` needs the token that the session brings.
  match.socket.disconnect()

  return new Promise((resolve, reject) => {
    const abort = () => giveUp(signal?.reason)
    const tooLate = () => giveUp(new ConnectError('The server did not answer in time.', 'UNAVAILABLE'))
    const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(tooLate, timeoutMs)
    signal?.addEventListener('abort', abort, { once: true })
    const stop = keepConnected([lobby.socket, match.socket], { bearer, sessionLost, giveUp })

    lobby.socket.on('session', (next) => {
      const isFirst = session === undefined
      session = next
      Object.assign(bearer, { token: next.token, name: next.name })
      onSession?.(next)
      if (isFirst) {
        settle()
        resolve(muster(next))
      }
      // After a reconnect it is already connecting; a second CONNECT would end the connection.
      if (!match.socket.active) match.socket.connect()
    })

    function settle(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    function giveUp(fault: unknown): void {
      settle()
      close()
      reject(fault)
    }
    function close(): void {
      stop()
      lobby.socket.disconnect()
      match.socket.disconnect()
    }
    // The types of moves and views are the config's; at run time they are JSON like any other.
    const muster = (first: Session): Muster<Config> =>
      playerOver({ lobby, match, session: () => session ?? first, close }) as unknown as Muster<Config>
  })
}

/** Socket.IO types a listener by its event's name, which is generic here. */
interface Emitter {
  on(event: string, listener: (...args: never[]) => void): unknown
  off(event: string, listener: (...args: never[]) => void): unknown
}
interface Parts {
  lobby: LobbyLine
  match: Line<typeof matchTable>
  session: () => Session
  close: () => void
}

function playerOver({ lobby, match, session, close }: Parts): Muster {
  const tracked = trackState(lobby, match, session())
  const methods = <Table extends Record<string, keyof typeof lobbyTable.requests>>(table: Table) =>
    methodsOf(lobby, table, tracked.answered)
  const watch = (filter: LobbyFilter, listener: ListListener) => watchLobbies(lobby, filter, listener)
  return {
    get session() {
      return session()
    },
    get state() {
      return tracked.state()
    },
    queue: methods(queueRequests),
    lobbies: { ...methods(lobbyRequests), watch },
    party: methods(partyRequests),
    chat: methods(chatRequests),
    people: methods(peopleRequests),
    on(event, listener) {
      const socket = lobby.socket as unknown as Emitter
      socket.on(event, listener)
      return () => void socket.off(event, listener)
    },
    onState: tracked.onState,
    joinMatch: (matchId, listener = {}, how = {}) => joinMatch(match, matchId, listener, how),
    spectate: (matchId, listener = {}, how = {}) => spectate(match, matchId, listener, how),
    close,
    lobby,
    match,
    watchLobbies: watch,
  }
}
