import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { match as matchTable } from '../protocol/events/match.ts'
import type { Refusal } from '../protocol/reply.ts'
import type { AskOptions, Line } from './connection/connection-line.ts'
import type { ConnectionStatus } from './connection/status.ts'
import type { Ending } from './endings.ts'
import type { ConfigTypes, GameOf, MatchRef, ModeId, MoveOf, PerMode } from './game-types.ts'
import type { Stop } from './listeners.ts'
import type { ListListener, LobbyFilter, WatchRefused } from './lobby-list.ts'
import type { MatchListener } from './match/match-log.ts'
import type { MatchRoom, ViewWith, WatchedMatch } from './match/match-room.ts'
import type { PlayerState, Tells, Told } from './player-state.ts'
import type { PresenceListener } from './presence-list.ts'
import type { chatRequests, lobbyRequests, Methods, partyRequests, peopleRequests, queueRequests } from './requests.ts'

/** Your player, and your current ticket, match, party and lobby. */
export type Session = Told<'session'>
/** A party as its members see it. */
export type PartyView = NonNullable<Session['resumed']['party']>

type Found<Config extends ConfigTypes> = PerMode<Parameters<Tells['match:found']>[0], ModeId<Config>>
/** The pushes of `/lobby`; `match:found` has the modes of the config. */
type Pushes<Config extends ConfigTypes> = Omit<Tells, 'match:found'> & {
  'match:found': (found: Found<Config>) => void
}
/** The state with the modes of the config. */
type StateIn<Config extends ConfigTypes> =
  string extends ModeId<Config>
    ? PlayerState
    : Omit<PlayerState, 'match'> & {
        readonly match: PerMode<NonNullable<PlayerState['match']>, ModeId<Config>> | null
      }
type ListenerIn<Config extends ConfigTypes, Mode extends string> = MatchListener<ViewWith<GameOf<Config, Mode>>>

/** A connected player. `Config` is the type of the game's config: `connect<typeof config>(…)`. */
export interface Muster<Config extends ConfigTypes = ConfigTypes> {
  /** The newest session; every connection brings a fresh token. */
  readonly session: Session
  /** What is yours right now: ticket, proposal, match, party and lobby; after a reconnect as the server says. */
  readonly state: StateIn<Config>
  readonly status: ConnectionStatus
  /** The server's clock in epoch ms, to compare with instants such as `joinBy`. */
  now(): number

  readonly queue: Methods<typeof queueRequests, ModeId<Config>>
  readonly lobbies: Methods<typeof lobbyRequests, ModeId<Config>> & {
    /**
     * Calls the listener with the list of public lobbies now and after each change, also after a reconnect. One listener
     * at a time; `refused` hears of a filter that the server refuses. Returns a function that stops it.
     */
    watch(filter: LobbyFilter, listener: ListListener, refused?: WatchRefused): Stop
  }
  readonly party: Methods<typeof partyRequests>
  readonly chat: Methods<typeof chatRequests>
  readonly people: Methods<typeof peopleRequests, ModeId<Config>> & {
    /**
     * Calls the listener with the presence of these players now and after each change, also after a reconnect. A
     * connection watches up to 200 players; beyond that `refused` hears `FORBIDDEN`. Returns a function that stops it.
     */
    watch(playerIds: readonly string[], listener: PresenceListener, refused?: WatchRefused): Stop
  }

  /** Calls the listener for a push of `/lobby`, for example `match:found`. Returns a function that stops it. */
  on<Event extends keyof Pushes<Config>>(event: Event, listener: Pushes<Config>[Event]): Stop
  /** Calls the listener after each change of `state`. Returns a function that stops it. */
  onState(listener: (state: StateIn<Config>) => void): Stop
  /** Calls the listener when something of `state` has ended, once, with the reason; also what ended while away. */
  onEnded(listener: (ending: Ending) => void): Stop
  /** Calls the listener after each change of `status`; `why` is the error that closed the connection, if any. */
  onStatus(listener: (status: ConnectionStatus, why: unknown) => void): Stop

  /**
   * Takes the seat in a match and keeps it through lost connections. Pass what `match:found` told, or name the mode, to
   * have the types of the mode: `joinMatch<'chess'>(matchId)`. Resolves with a refusal such as `NOT_FOUND` or
   * `MATCH_ENDED`; rejects with the signal's reason.
   */
  joinMatch<Mode extends ModeId<Config> = ModeId<Config>>(
    match: MatchRef<Mode>,
    listener?: ListenerIn<Config, Mode>,
    options?: AskOptions,
  ): Promise<MatchRoom<MoveOf<Config, Mode>, GameOf<Config, Mode>> | Refusal>
  /** Watches a match without a seat; likewise. `FORBIDDEN` where the mode has no spectators. */
  spectate<Mode extends ModeId<Config> = ModeId<Config>>(
    match: MatchRef<Mode>,
    listener?: ListenerIn<Config, Mode>,
    options?: AskOptions,
  ): Promise<WatchedMatch<GameOf<Config, Mode>> | Refusal>
  /** Disconnects for good. The room hears `closed`; a seat waits for the mode's `graceMs`. */
  close(): void

  /** The namespaces themselves, for requests and pushes by their names in docs/protocol.md. */
  readonly lobby: Line<typeof lobbyTable>
  readonly match: Line<typeof matchTable>
  /** The same as `lobbies.watch`. */
  watchLobbies(filter: LobbyFilter, listener: ListListener, refused?: WatchRefused): Stop
}
