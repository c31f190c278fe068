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
/** The payload of that request. */
export type Asked<E extends keyof Requests> = PayloadOf<Requests[E]>
/** The reply to a player who is in a lobby now. */
export type InLobby = Accepted<{ lobby: LobbyView }>

/** The Socket.IO room of each lobby. It holds the connections of its members. */
export interface LobbyRooms {
  /** Adds all present connections of the player; later ones are added when they connect. */
  enter(lobbyId: LobbyId, playerId: PlayerId): void
  exit(lobbyId: LobbyId, playerId: PlayerId): void
}

/** Hashes passwords, so that the store never holds one in clear text. */
interface PasswordHashing {
  /** The password as a salted hash. */
  hashPassword(password: string): Promise<string>
  /** Whether the hash is of this password, compared in constant time. */
  verifyPassword(hash: string, password: string): Promise<boolean>
}

/** Makes the matches of lobbies. */
interface LobbyMatchService extends Pick<MatchService, 'open' | 'isOpen'> {
  /** Called when other players, or fewer, may see the lobby; null when the lobby is gone. */
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
  /** Whether the player is queued. */
  isQueued: (playerId: PlayerId) => boolean
  /** How long a lobby stays without activity, in ms. */
  idleMs: number
  /** Called when a lobby is gone. */
  gone?: (lobbyId: LobbyId) => void
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
