import type { Mode } from '../../../config/modes.ts'
import type { Backfill, Proposal } from '../../../matchmaker/api.ts'
import { createMatchmaker } from '../../../matchmaker/matchmaker.ts'
import type { Cancel, Clock } from '../../../ports.ts'
import type { MatchId } from '../../../protocol/ids.ts'
import type { ServiceTime } from '../../../util/outage.ts'
import type { Ticket } from '../tickets/tickets.ts'
import { createExplanations } from './explanations.ts'
import { createMatchmakerClock } from './matchmaker-clock.ts'
import type { RecentOpponents } from './recent-opponents.ts'
import { toMatchmaker, toTicket } from './to-matchmaker.ts'

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

/** Keeps the searching tickets in the matchmaker, and tells it what has changed. */
export function createMatchmaking({ modes, regions, clock, time, opponents, blockedBy, propose }: MatchmakingParts) {
  const matchmaker = createMatchmaker({ modes: [...modes.values()].map(toMatchmaker), regions })
  const reminders = new Map<string, Cancel>()
  const { served, arm } = createMatchmakerClock({ matchmaker, clock, time, propose })
  const explanations = createExplanations({ matchmaker, clock, served })
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
