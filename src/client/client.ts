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
export interface Muster {
  /** The newest session; every connection brings a fresh token. */
  readonly session: Session
  readonly lobby: Line<typeof lobbyTable>
  readonly match: Line<typeof matchTable>
  joinMatch(matchId: string, listener?: MatchListener, options?: AskOptions): Promise<MatchRoom | Refusal>
  /** Calls the listener with the list of public lobbies now and after each change. One listener at a time; returns a function that stops it. */
  watchLobbies(filter: LobbyFilter, listener: ListListener): () => void
  close(): void
}

const TIMEOUT_MS = 15_000

/**
 * Connects to a Muster server: `/lobby` and `/match` over one WebSocket. Resolves with the first session; afterwards it
 * reconnects by itself as the same player. Rejects with a `ConnectError` when the server refuses or does not answer in
 * time, with the signal's reason, or with the error that `sessionLost` threw.
 */
export function connect(url: string, options: ConnectOptions = {}): Promise<Muster> {
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
