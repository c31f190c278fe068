import { Manager } from 'socket.io-client'
import type { TellsOf } from '../protocol/declare.ts'
import type { ChatAddress, ChatMessage } from '../protocol/events/chat.ts'
import type { LobbySummary, LobbyView } from '../protocol/events/lobbies.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { match as matchTable } from '../protocol/events/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal } from '../protocol/reply.ts'
import { type AskOptions, type Line, lineOver } from './connection-line.ts'
import { type ListListener, type LobbyFilter, watchLobbies } from './lobby-list.ts'
import { joinMatch, type MatchListener, type MatchRoom } from './match-room.ts'
import { ConnectError, keepConnected, type SessionLost } from './staying-connected.ts'

export type {
  AskOptions,
  ChatAddress,
  ChatMessage,
  LobbySummary,
  LobbyView,
  MatchEvent,
  MatchListener,
  MatchRoom,
  MatchView,
  Outcome,
  Refusal,
}
export { ConnectError }

/** Who you are, and what is still yours. */
export type Session = Parameters<TellsOf<typeof lobbyTable>['session']>[0]
/** Those who play together, as its members see it. */
export type PartyView = NonNullable<Session['resumed']['party']>

export interface ConnectOptions {
  /** 1 to 24 visible characters; the server makes one up otherwise. */
  name?: string
  /** From an earlier session, or of the game's own backend. */
  token?: string
  /** Which title of the service to play; its own, when left out. */
  title?: string
  /** Called with each session, the first one too: a place to keep the token. */
  onSession?: (session: Session) => void
  /**
   * Called when the server does not take the token (any more). Return another token to connect with that one, nothing to
   * become a new guest, or throw to stay away. Without it the client becomes a new guest. A banned player never does.
   */
  sessionLost?: SessionLost
  /** Gives up on a server that does not answer, or on the first session. */
  signal?: AbortSignal
  /** How long the first session may take, in ms; 15,000 by default, `Infinity` for ever. Then `connect` rejects with `UNAVAILABLE`. */
  timeoutMs?: number
}
export interface Muster {
  /** The newest one; a fresh token comes with every connection. */
  readonly session: Session
  readonly lobby: Line<typeof lobbyTable>
  readonly match: Line<typeof matchTable>
  joinMatch(matchId: string, listener?: MatchListener, options?: AskOptions): Promise<MatchRoom | Refusal>
  /** Tells the list of public lobbies now and whenever it changes, to one listener at a time; returns how to stop. */
  watchLobbies(filter: LobbyFilter, listener: ListListener): () => void
  close(): void
}

const TIMEOUT_MS = 15_000

/**
 * Connects to a Muster server: `/lobby` and `/match` over one WebSocket. Resolves with the first session; afterwards
 * the connection heals by itself, and comes back as the same player. Rejects with a `ConnectError` when the server
 * refuses or does not answer in time, with the signal's reason, or with what `sessionLost` has thrown.
 */
export function connect(url: string, options: ConnectOptions = {}): Promise<Muster> {
  const { name, token, title, onSession, sessionLost, signal, timeoutMs = TIMEOUT_MS } = options
  if (signal?.aborted) return Promise.reject(signal.reason)
  const manager = new Manager(url, { transports: ['websocket'] })
  let session: Session | undefined
  const bearer: { token?: string | undefined; name?: string | undefined } = { token, name }
  const auth = (give: (auth: object) => void) => {
    const current = bearer.token === undefined ? {} : { token: bearer.token }
    // A session's token knows the player's name, which another tab may have changed by now.
    const isNamed = bearer.name !== undefined && !(session && bearer.token === session.token)
    give(isNamed ? { ...current, name: bearer.name } : current)
  }
  const prefix = title === undefined ? '' : `/${title}`
  const lobby = lineOver<typeof lobbyTable>(manager.socket(`${prefix}/lobby`, { auth }))
  const match = lineOver<typeof matchTable>(manager.socket(`${prefix}/match`, { auth }))
  // Without a token there is nothing yet to come to /match with: the session brings it.
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
      // After a reconnect it is on its way already, and a second CONNECT would end the connection.
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
    function muster(first: Session): Muster {
      return {
        get session() {
          return session ?? first
        },
        lobby,
        match,
        joinMatch: (matchId, listener = {}, how = {}) => joinMatch(match, matchId, listener, how),
        watchLobbies: (filter, listener) => watchLobbies(lobby, filter, listener),
        close,
      }
    }
  })
}
