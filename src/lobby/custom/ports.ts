import type { Mode } from '../../config/modes.ts'
import type { Clock, Log, NewId } from '../../ports.ts'
import type { PayloadOf } from '../../protocol/declare.ts'
import type { customLobbies, LobbyView } from '../../protocol/events/lobbies.ts'
import type { LobbyId, PlayerId } from '../../protocol/ids.ts'
import type { Accepted } from '../../protocol/reply.ts'
import type { ServiceTime } from '../../util/outage.ts'
import type { Deliver, MatchService, People } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import type { SeatIndex } from '../seats/seat-index.ts'

type Requests = (typeof customLobbies)['requests']
/** What a client asks for with that event. */
export type Asked<E extends keyof Requests> = PayloadOf<Requests[E]>
/** The answer to whoever is in a lobby by now. */
export type InLobby = Accepted<{ lobby: LobbyView }>

/** The room of each lobby. Its members decide who is in it. */
export interface LobbyRooms {
  /** All connections of the player, those of now; who connects later is put in by the door. */
  enter(lobbyId: LobbyId, playerId: PlayerId): void
  exit(lobbyId: LobbyId, playerId: PlayerId): void
}

/** Passwords, kept so that whoever reads what we keep cannot read them. */
interface PasswordHashing {
  /** The password as a salted hash. */
  hashPassword(password: string): Promise<string>
  /** Whether it is the password of that hash, in a time that says nothing about it. */
  verifyPassword(hash: string, password: string): Promise<boolean>
}

/** Where the matches of lobbies are made. */
interface LobbyMatchService extends Pick<MatchService, 'open' | 'isOpen'> {
  /** Told of a lobby that is open to fewer or to others than before; null for one that is gone. */
  lobbyChanged(lobbyId: LobbyId, isPrivate: boolean | null): void
}

export interface LobbiesParts {
  modes: ReadonlyMap<string, Mode>
  matchService: LobbyMatchService
  seats: Pick<SeatIndex, 'isSeated' | 'isGoingOn' | 'ofLobbies'>
  people: People
  rooms: LobbyRooms
  deliver: Deliver
  records: RecordStore
  passwords: PasswordHashing
  /** Whether the first has blocked the second. */
  isBlocked: (by: PlayerId, player: PlayerId) => boolean
  /** Whether anybody has blocked the player. */
  isBlockedAtAll: (player: PlayerId) => boolean
  /** Whether the player waits for another match. */
  isQueued: (playerId: PlayerId) => boolean
  /** How long a lobby stays in which nobody does anything. */
  idleMs: number
  /** Told of a lobby that is no more. */
  gone?: (lobbyId: LobbyId) => void
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
