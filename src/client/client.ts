import { Manager } from 'socket.io-client'
import type { ChatAddress, ChatMessage } from '../protocol/chat.ts'
import type { TellsOf } from '../protocol/declare.ts'
import type { LobbySummary, LobbyView } from '../protocol/lobbies.ts'
import type { lobby as lobbyTable } from '../protocol/lobby.ts'
import type { match as matchTable } from '../protocol/match.ts'
import type { MatchEvent, MatchView, Outcome } from '../protocol/match-view.ts'
import type { Refusal } from '../protocol/reply.ts'
import { type Line, lineOver } from './line.ts'
import { type ListListener, type LobbyFilter, watchLobbies } from './lobby-list.ts'
import { joinMatch, type MatchListener, type MatchRoom } from './match-room.ts'

export type {
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
  /** Gives up on a server that does not answer. */
  signal?: AbortSignal
}
export interface Muster {
  /** The newest one; a fresh token comes with every connection. */
  readonly session: Session
  readonly lobby: Line<typeof lobbyTable>
  readonly match: Line<typeof matchTable>
  joinMatch(matchId: string, listener?: MatchListener): Promise<MatchRoom | Refusal>
  /** Tells the list of public lobbies now and whenever it changes, to one listener at a time; returns how to stop. */
  watchLobbies(filter: LobbyFilter, listener: ListListener): () => void
  close(): void
}

/** The handshake was refused; `code` is one of the wire contract's. */
export class ConnectError extends Error {
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/**
 * Connects to a Muster server: `/lobby` and `/match` over one WebSocket. Resolves with the first session; afterwards
 * the connection heals by itself, and comes back as the same player.
 */
export function connect(url: string, { name, token, title, onSession, signal }: ConnectOptions = {}): Promise<Muster> {
  const manager = new Manager(url, { transports: ['websocket'] })
  let session: Session | undefined
  const auth = (give: (auth: object) => void) => {
    const current = session?.token ?? token
    give({ ...(current && { token: current }), ...(name && !session && { name }) })
  }
  const prefix = title === undefined ? '' : `/${title}`
  const lobby = lineOver<typeof lobbyTable>(manager.socket(`${prefix}/lobby`, { auth }))
  const match = lineOver<typeof matchTable>(manager.socket(`${prefix}/match`, { auth }))
  // Without a token each namespace would make a guest of its own: /match waits until the lobby has said who we are.
  match.socket.disconnect()

  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => {
      if (session) return
      close()
      reject(signal.reason)
    })
    lobby.socket.on('connect_error', (fault: Error & { data?: { code: string } }) => {
      if (session || !fault.data) return
      close()
      reject(new ConnectError(fault.message, fault.data.code))
    })
    lobby.socket.on('session', (next) => {
      const isFirst = session === undefined
      session = next
      onSession?.(next)
      if (isFirst) resolve(muster(next))
      // After a reconnect it is on its way already, and a second CONNECT would end the connection.
      if (!match.socket.active) match.socket.connect()
    })
  })

  function close(): void {
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
      joinMatch: (matchId, listener = {}) => joinMatch(match, matchId, listener),
      watchLobbies: (filter, listener) => watchLobbies(lobby, filter, listener),
      close,
    }
  }
}
