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

/** A part of the service, broken on purpose: the checker has to notice. */
export interface Sabotage {
  store?: (store: MatchStore, audience: Audience) => MatchStore
  audience?: (audience: Audience) => Audience
  modes?: ReadonlyMap<string, Mode>
  /** The disk lets everyone write. */
  isWithoutFencing?: boolean
  /** Nobody hears that the process stood still. */
  areStallsUnnoticed?: boolean
  /** The disk takes ratings that were made from older ones than it has. */
  isCarelessWithRatings?: boolean
}

/** What the processes of one simulation share. */
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
  /** For who replays a seed and wants to see what happens. */
  trace: Trace
}
