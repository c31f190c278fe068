import type { Server } from 'socket.io'
import type { About, TitleInBrief } from '../admin/operator-service.ts'
import type { Mode } from '../config/modes.ts'
import type { BackendTokens } from '../gateway/auth/backend-tokens.ts'
import type { KeySets } from '../gateway/auth/key-set.ts'
import type { ReaderWatch } from '../gateway/connection/slow-readers.ts'
import type { LoopTurns } from '../gateway/guard/loop-turns.ts'
import type { QueueJournal } from '../lobby/queue/queue-log.ts'
import type { Elapsed, EpochMs, Log, NewId, Random } from '../ports.ts'
import type { MatchId } from '../protocol/ids.ts'
import type { Stores } from '../stores/open-stores.ts'
import type { SteadyClock, Uptime } from '../util/outage.ts'

/** What all titles of a process share. */
export interface ProcessServices {
  io: Server
  readers: ReaderWatch
  about: About
  /** Whether every event is logged. */
  isVerbose: boolean
  /** The machine's wall clock; `clock` is independent of its changes. */
  wallNow: () => EpochMs
  /** The backends' keys, which outlive titles. */
  keySets: KeySets
  clock: SteadyClock
  newId: NewId
  log: Log
  random: Random
  /** The machine's uptime; null where it is unknown. */
  uptime?: (() => Uptime | null) | undefined
  /** Shares the loop between requests and matches. */
  turns: LoopTurns
  elapsed: Elapsed
  /** Called with the name of the event that is being answered. */
  answering?: ((event: string) => void) | undefined
  /** Called with the match, and its mode, whose rules run from now on. */
  working?: (on: MatchId | '', mode?: string) => void
  /** Matches that are not restored, and why. */
  setAside: ReadonlyMap<MatchId, string>
  /** The queue log; null when there is none. */
  queueLog: QueueJournal | null
}
/** Which tokens a title accepts. */
export interface Keys {
  sessionSecret: string
  backend: BackendTokens
  /** The token of the title's operators; null for a title without `/admin`. */
  admin: string | null
}
export interface TitleParts {
  /** Comes before `/lobby` and `/match`: `/chess`, or nothing. */
  prefix: string
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  lobbySettings: { idleMs: number }
  keys: Keys
  stores: Stores
  /** The other open titles, for the operators of the service. */
  others?: () => TitleInBrief[]
}
