import type { Mode } from '../../src/config/modes.ts'
import type { MatchStore } from '../../src/match/match-store.ts'
import type { Audience } from '../../src/match/ports.ts'
import type { NewId } from '../../src/ports.ts'
import type { Chance } from './chance.ts'
import type { TellChecks } from './check-tells.ts'
import type { Archives } from './check-writes.ts'
import type { Disk } from './disk.ts'
import type { Life, Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'
import type { Fail } from './violations.ts'

/** A part of the service that is broken on purpose; the checker must notice. */
export interface Sabotage {
  store?: (store: MatchStore, audience: Audience) => MatchStore
  audience?: (audience: Audience) => Audience
  modes?: ReadonlyMap<string, Mode>
  /** The disk accepts every writer. */
  isWithoutFencing?: boolean
  /** Stalls of the process are not reported. */
  areStallsUnnoticed?: boolean
  /** The disk accepts ratings computed from outdated ones. */
  isCarelessWithRatings?: boolean
}

/** The parts that the processes of one simulation share. */
export interface SimulationParts {
  timeline: Timeline
  chance: Chance
  disk: Disk
  modes: ReadonlyMap<string, Mode>
  archives: Archives
  fail: Fail
  newId: NewId
  newConnectionNumber: () => number
  tellChecks: (life: Life, fencedFrom: Set<string>) => TellChecks
  /** Whether another process has taken over from this one. */
  isSuperseded: (life: Life) => boolean
  sabotage: Sabotage
  /** Prints the events of a replayed seed. */
  trace: Trace
}
