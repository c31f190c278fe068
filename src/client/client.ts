import { Manager } from 'socket.io-client'
import type { ChatAddress, ChatMessage } from '../protocol/events/chat.ts'
import type { LobbySummary, LobbyView } from '../protocol/events/lobbies.ts'
import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { match as matchTable } from '../protocol/events/match.ts'
import type { PresenceStatus } from '../protocol/events/presence.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal } from '../protocol/reply.ts'
import { type AskOptions, lineOver } from './connection/connection-line.ts'
import { type ConnectionStatus, createStatus } from './connection/status.ts'
import { ConnectError, keepConnected, type SessionLost } from './connection/staying-connected.ts'
import type { Ending } from './endings.ts'
import type { ConfigTypes } from './game-types.ts'
import { call, createListeners } from './listeners.ts'
import type { MatchListener } from './match/match-log.ts'
import type { MatchRoom, WatchedMatch } from './match/match-room.ts'
import type { Muster, PartyView, Session } from './muster.ts'
import { playerOver } from './player.ts'
import type { PlayerState } from './player-state.ts'
import { createStateTracker } from './state-tracker.ts'

export type {
  AskOptions,
  ChatAddress,
  ChatMessage,
  ConfigTypes,
  ConnectionStatus,
  Ending,
  LobbySummary,
  LobbyView,
  MatchEvent,
  MatchListener,
  MatchRoom,
  MatchView,
  Muster,
  Outcome,
  PartyView,
  PlayerState,
  PresenceStatus,
  Refusal,
  Session,
  WatchedMatch,
}
export { ConnectError }

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
  const tracker = createStateTracker()
  const status = createStatus()
  const answers = createListeners<[event: string, reply: object]>()
  answers.add(tracker.answered)
  let session: Session | undefined
  let aheadMs = 0
  const bearer: { token?: string | undefined; name?: string | undefined } = { token, name }
  const auth = (give: (auth: object) => void) => {
    const current = bearer.token === undefined ? {} : { token: bearer.token }
    // A session's token contains the name, and another tab may have changed the name since.
    const isNamed = bearer.name !== undefined && !(session && bearer.token === session.token)
    give(isNamed ? { ...current, name: bearer.name } : current)
  }
  const prefix = title === undefined ? '' : `/${title}`
  const lobby = lineOver<typeof lobbyTable>(manager.socket(`${prefix}/lobby`, { auth }), answers.tell)
  const match = lineOver<typeof matchTable>(manager.socket(`${prefix}/match`, { auth }), answers.tell)
  // `/match` needs the token that the session brings.
  match.socket.disconnect()
  tracker.follow(lobby.socket)

  return new Promise((resolve, reject) => {
    const abort = () => giveUp(signal?.reason)
    const tooLate = () => giveUp(new ConnectError('The server did not answer in time.', 'UNAVAILABLE'))
    const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(tooLate, timeoutMs)
    signal?.addEventListener('abort', abort, { once: true })
    const stop = keepConnected([lobby.socket, match.socket], { bearer, sessionLost, giveUp })

    lobby.socket.on('session', (next) => {
      const isFirst = session === undefined
      session = next
      aheadMs = next.now - Date.now()
      Object.assign(bearer, { token: next.token, name: next.name })
      call(() => onSession?.(next))
      if (isFirst) {
        settle()
        resolve(muster(next))
      }
      // After a reconnect it is already connecting; a second CONNECT would end the connection.
      if (!match.socket.active) match.socket.connect()
      status.become('connected')
    })
    lobby.socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') status.become('reconnecting')
    })

    function settle(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    function giveUp(fault: unknown): void {
      settle()
      close(fault)
      reject(fault)
    }
    function close(why?: unknown): void {
      stop()
      lobby.socket.disconnect()
      match.socket.disconnect()
      status.become('closed', why)
    }
    const muster = (first: Session): Muster<Config> =>
      playerOver({
        lobby,
        match,
        session: () => session ?? first,
        aheadMs: () => aheadMs,
        tracker,
        status,
        answers,
        close: () => close(),
      }) as unknown as Muster<Config>
  })
}
