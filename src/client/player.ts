import type { lobby as lobbyTable } from '../protocol/events/lobby.ts'
import type { Refusal } from '../protocol/reply.ts'
import type { AskOptions, Line } from './connection/connection-line.ts'
import type { Status } from './connection/status.ts'
import type { createListeners, Stop } from './listeners.ts'
import { type ListListener, type LobbyFilter, type WatchRefused, watchLobbies } from './lobby-list.ts'
import { endRoomOf, type FollowOptions, type MatchLine, type MatchListener } from './match/match-log.ts'
import { joinMatch, type MatchRoom, spectate, type WatchedMatch } from './match/match-room.ts'
import type { Muster, Session } from './muster.ts'
import { createPresenceList } from './presence-list.ts'
import { chatRequests, lobbyRequests, methodsOf, partyRequests, peopleRequests, queueRequests } from './requests.ts'
import type { StateTracker } from './state-tracker.ts'

interface PlayerParts {
  lobby: Line<typeof lobbyTable>
  match: MatchLine
  session: () => Session
  tracker: StateTracker
  status: Status
  answers: ReturnType<typeof createListeners<[event: string, reply: object]>>
  /** How far the server's clock is ahead, in ms. */
  aheadMs: () => number
  close: () => void
}
/** Socket.IO types a listener by its event's name, which is generic here. */
interface Emitter {
  on(event: string, listener: (...args: never[]) => void): unknown
  off(event: string, listener: (...args: never[]) => void): unknown
}
/** How long a room waits for the next session, which says why its match has ended. */
const SESSION_MS = 10_000

type MatchReference = string | { matchId: string }
/** The types of moves and views are the config's; at run time they are JSON like any other. */
interface AnyPlayer extends Omit<Muster, 'joinMatch' | 'spectate'> {
  joinMatch(ref: MatchReference, listener?: MatchListener, options?: AskOptions): Promise<MatchRoom | Refusal>
  spectate(ref: MatchReference, listener?: MatchListener, options?: AskOptions): Promise<WatchedMatch | Refusal>
}
/** The player's methods over a connection. */
export function playerOver(parts: PlayerParts): AnyPlayer {
  const { lobby, match, session, tracker, status, answers } = parts
  const presence = createPresenceList(lobby, answers.add)
  const watched = new Set<Stop>()
  const emitter = lobby.socket as unknown as Emitter

  /** Ends the subscription when the connection is closed. */
  function untilClosed(stop: Stop): Stop {
    watched.add(stop)
    return () => {
      watched.delete(stop)
      stop()
    }
  }
  const listLobbies = (filter: LobbyFilter, listener: ListListener, refused?: WatchRefused): Stop =>
    untilClosed(watchLobbies(lobby, filter, listener, refused))

  status.onStatus((current) => {
    if (current !== 'closed') return
    for (const stop of watched) stop()
    endRoomOf(match)
  })

  const endOfMatch = (matchId: string) => status.settled(SESSION_MS).then(() => tracker.endOfMatch(matchId))
  const idOf = (ref: MatchReference) => (typeof ref === 'string' ? ref : ref.matchId)
  const following = (options: FollowOptions) => ({ ...options, endOfMatch })

  return {
    get session() {
      return session()
    },
    get state() {
      return tracker.state()
    },
    get status() {
      return status.current()
    },
    now: () => Date.now() + parts.aheadMs(),
    queue: methodsOf(lobby, queueRequests),
    lobbies: { ...methodsOf(lobby, lobbyRequests), watch: listLobbies },
    party: methodsOf(lobby, partyRequests),
    chat: methodsOf(lobby, chatRequests),
    people: {
      ...methodsOf(lobby, peopleRequests),
      watch: (...watch) => untilClosed(presence.watch(...watch)),
    },
    on(event, listener) {
      emitter.on(event, listener)
      return () => void emitter.off(event, listener)
    },
    onState: tracker.onState,
    onEnded: tracker.onEnded,
    onStatus: status.onStatus,
    joinMatch: (ref, listener = {}, how = {}) => joinMatch(match, idOf(ref), listener, following(how)),
    spectate: (ref, listener = {}, how = {}) => spectate(match, idOf(ref), listener, following(how)),
    close: parts.close,
    lobby,
    match,
    watchLobbies: listLobbies,
  }
}
