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

/** What the process lends to its titles. */
export interface ProcessServices {
  io: Server
  readers: ReaderWatch
  about: About
  /** Whether every event is logged. */
  isVerbose: boolean
  /** What the machine says the time is right now; the clock runs on evenly from the start. */
  wallNow: () => EpochMs
  /** The backends' keys, which outlive the titles. */
  keySets: KeySets
  clock: SteadyClock
  newId: NewId
  log: Log
  random: Random
  /** The machine's, where it says one. */
  uptime?: (() => Uptime | null) | undefined
  /** In which requests are answered, and matches carry on. */
  turns: LoopTurns
  elapsed: Elapsed
  /** Told which event is being answered. */
  answering?: ((event: string) => void) | undefined
  /** Told which match the rules are at work on. */
  working?: (on: MatchId | '', mode?: string) => void
  /** Matches that are not to be touched again, and why. */
  setAside: ReadonlyMap<MatchId, string>
  /** Where the lives of tickets are written down, if anywhere. */
  queueLog: QueueJournal | null
}
/** Which tokens a title accepts. */
export interface Keys {
  sessionSecret: string
  backend: BackendTokens
  /** Who bears it is an operator of the title; null for nobody. */
  admin: string | null
}
export interface TitleParts {
  /** What stands before `/lobby` and `/match`. */
  prefix: string
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  lobbySettings: { idleMs: number }
  keys: Keys
  stores: Stores
  /** The other titles that are open, for the operators of the service. */
  others?: () => TitleInBrief[]
}
