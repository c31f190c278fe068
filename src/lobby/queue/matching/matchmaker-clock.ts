import type { Matchmaker, Proposal } from '../../../matchmaker/api.ts'
import type { Cancel, Clock, EpochMs } from '../../../ports.ts'
import type { ServiceTime } from '../../../util/outage.ts'
import { visitEach } from '../../../util/walls.ts'

// The work of one tick: a few milliseconds, then other events get a turn. Each match found is opened in the same tick.
const MAX_WORK = 300
const MAX_MATCHES = 16

interface MatchmakerClockParts {
  matchmaker: Pick<Matchmaker, 'nextAt' | 'tick'>
  clock: Clock
  time: ServiceTime
  /** Called with each proposal of a tick. */
  propose: (proposal: Proposal) => void
}

/**
 * The matchmaker's time, with one timer for the next instant at which it can decide something. Outages do not count in
 * it, so they make no ticket older.
 */
export function createMatchmakerClock({ matchmaker, clock, time, propose }: MatchmakerClockParts) {
  let armedAt: EpochMs | null = null
  let cancelTick: Cancel = () => {}
  let lostMs = 0
  let servedAt = 0

  time.onOutage((outageMs) => {
    lostMs += outageMs
    arm()
  })

  /** The clock less all outages. It never goes back. */
  function served(): EpochMs {
    servedAt = Math.max(servedAt, clock.now() - lostMs)
    return servedAt
  }

  /** Sets the timer anew: call it after each change of the matchmaker. */
  function arm(): void {
    const next = matchmaker.nextAt()
    const at = next === null ? null : Math.max(next + lostMs, clock.now())
    if (at === armedAt) return
    cancelTick()
    armedAt = at
    if (at !== null) cancelTick = clock.at(at, tick)
  }

  function tick(): void {
    armedAt = null
    try {
      visitEach(matchmaker.tick(served(), { maxWork: MAX_WORK, maxMatches: MAX_MATCHES }), propose)
    } finally {
      arm()
    }
  }

  return { served, arm }
}
