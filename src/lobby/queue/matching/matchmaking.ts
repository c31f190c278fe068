import type { Mode } from '../../../config/modes.ts'
import type { Backfill, Proposal } from '../../../matchmaker/api.ts'
import { createMatchmaker } from '../../../matchmaker/matchmaker.ts'
import type { Cancel, Clock, EpochMs } from '../../../ports.ts'
import type { MatchId } from '../../../protocol/ids.ts'
import type { ServiceTime } from '../../../util/outage.ts'
import { visitEach } from '../../../util/walls.ts'
import type { Ticket } from '../tickets/tickets.ts'
import { createExplanations } from './explanations.ts'
import type { RecentOpponents } from './recent-opponents.ts'
import { toMatchmaker, toTicket } from './to-matchmaker.ts'

// The work of one tick: a few milliseconds, then other events get a turn. Each match found is opened in the same tick.
const MAX_WORK = 300
const MAX_MATCHES = 16

interface MatchmakingParts {
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  clock: Clock
  time: ServiceTime
  opponents: RecentOpponents
  blockedBy: (ticket: Ticket) => Ticket['members'][number]['id'][]
  /** Called with a group that may play, or with a ticket that may join a running match. */
  propose: (proposal: Proposal) => void
}

export type Matchmaking = ReturnType<typeof createMatchmaking>

/**
 * The matchmaker on the clock, with one timer for the next instant at which it can decide something. Outages do not count
 * in its time, so they make no ticket older.
 */
export function createMatchmaking({ modes, regions, clock, time, opponents, blockedBy, propose }: MatchmakingParts) {
  const matchmaker = createMatchmaker({ modes: [...modes.values()].map(toMatchmaker), regions })
  const reminders = new Map<string, Cancel>()
  const explanations = createExplanations({ matchmaker, clock, served })
  let armedAt: EpochMs | null = null
  let cancelTick: Cancel = () => {}
  let lostMs = 0
  let servedAt = 0

  time.onOutage((outageMs) => {
    lostMs += outageMs
    arm()
  })

  /** The matchmaker's time: the clock less all outages. It never goes back. */
  function served(): EpochMs {
    servedAt = Math.max(servedAt, clock.now() - lostMs)
    return servedAt
  }

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

  function add(ticket: Ticket): void {
    matchmaker.add(toTicket(ticket, clock.now(), unwantedBy(ticket)), served())
    const relentAt = ticket.queuedAt + ticket.lostMs + ticket.mode.matchmaking.avoidRecentMs
    if (recentOf(ticket).length > 0)
      reminders.set(
        ticket.id,
        time.at(relentAt, () => refresh(ticket)),
      )
    arm()
  }

  /** The players that the ticket avoids have changed: by a block, or because it accepts recent opponents now. */
  function refresh(ticket: Ticket): void {
    explanations.forget(ticket.id)
    matchmaker.update(ticket.id, { block: unwantedBy(ticket) }, served())
    arm()
  }

  const unwantedBy = (ticket: Ticket) => [...blockedBy(ticket), ...recentOf(ticket)]

  const recentOf = ({ members, queuedAt, lostMs, mode }: Ticket) =>
    opponents.toAvoid(
      members.map(({ id }) => id),
      queuedAt + lostMs,
      mode.matchmaking.avoidRecentMs,
    )

  function cancelReminder(id: string): void {
    explanations.forget(id)
    reminders.get(id)?.()
    reminders.delete(id)
  }

  /** Whether it was searching. */
  function remove({ id }: Ticket): boolean {
    cancelReminder(id)
    const wasThere = matchmaker.remove(id, served())
    arm()
    return wasThere
  }

  function confirm(proposal: Proposal): void {
    for (const { id } of proposal.teams.flat()) cancelReminder(id)
    matchmaker.confirm(proposal.id)
    arm()
  }

  /** No match could be made of the proposal: its tickets search on. */
  function reject(proposal: Proposal, tickets: readonly Ticket[]): void {
    matchmaker.reject(proposal.id, { who: [], now: served() })
    // The matchmaker ignored changes while the proposal held the tickets.
    for (const ticket of tickets) refresh(ticket)
    arm()
  }

  /** Replaces the backfill of a running match; null when it takes no more players. */
  function offerRoom(matchId: MatchId, room: Backfill | null): void {
    matchmaker.removeBackfill(matchId, served())
    if (room) matchmaker.addBackfill(room, served())
    arm()
  }

  return {
    add,
    remove,
    confirm,
    reject,
    refresh,
    offerRoom,
    explain: explanations.of,
    estimate: ({ id }: Ticket) => rounded(matchmaker.estimate(id, served())),
    searching: (mode: Mode) => matchmaker.searching(mode.id),
  }
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))
