import type { Mode } from '../../config/modes.ts'
import type { Clock, Log, NewId } from '../../ports.ts'
import type { PlayerId } from '../../protocol/ids.ts'
import { accept, type Refusal, refuse } from '../../protocol/reply.ts'
import type { Gap, ServiceTime } from '../../util/outage.ts'
import type { Blocks, Groups, MatchService, People, Ratings } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import type { SeatIndex } from '../seats/seat-index.ts'
import { type Explained, explainTicket } from './explain.ts'
import { createJoin } from './join.ts'
import { createLeave } from './leave.ts'
import { createAnswers } from './matching/answers.ts'
import { createMatchNews } from './matching/match-news.ts'
import { createMatching } from './matching/matching.ts'
import { createMatchmaking } from './matching/matchmaking.ts'
import { createOpenMatches } from './matching/open-matches.ts'
import { createRecentOpponents } from './matching/recent-opponents.ts'
import { createExcuses } from './penalties/excuses.ts'
import { createQueuePenalties } from './penalties/queue-penalties.ts'
import { createPlayerChanges } from './player-changes.ts'
import type { QueueJournal } from './queue-log.ts'
import { createRequeue } from './requeue.ts'
import { createAttendance } from './tickets/attendance.ts'
import { createLifecycle } from './tickets/lifecycle.ts'
import { createOpening } from './tickets/opening.ts'
import { createRestore } from './tickets/restore.ts'
import { createTicketNews } from './tickets/ticket-news.ts'
import { createTicketStore } from './tickets/ticket-store.ts'
import { createTicketRegistry, type Ticket, viewOf, waitedMs } from './tickets/tickets.ts'

export interface QueueParts {
  modes: ReadonlyMap<string, Mode>
  regions: readonly string[]
  matchService: MatchService
  seats: SeatIndex
  people: People
  groups: Groups
  blocks: Blocks
  ratings: Ratings
  records: RecordStore
  /** Whether records, and with them tickets, outlive the process. */
  isLasting: boolean
  journal: QueueJournal | null
  /** The hashed address of a guest account; null for signed-in players. */
  originOf: (playerId: PlayerId) => string | null
  /** Whether the player has played a match here before, also before a restart. */
  hasPlayed: (playerId: PlayerId) => boolean
  /** Called after a player was queued, or left the queue. */
  statusChanged: (playerId: PlayerId) => void
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}

export type Queue = ReturnType<typeof createQueue>

/** The tickets of a title. A player has one ticket at most, whichever tab asks; every ticket ends exactly once. */
export function createQueue(parts: QueueParts) {
  const { seats, blocks, records, isLasting, clock, log } = parts
  let hasDrained = false
  const tickets = createTicketRegistry()
  const penalties = createQueuePenalties(parts)
  const excuses = createExcuses()
  const attendance = createAttendance(parts)
  const opponents = createRecentOpponents(clock)
  const blockedBy = (ticket: Ticket) => ticket.members.flatMap(({ id }) => blocks.of(id))
  const matchmaking = createMatchmaking({ ...parts, opponents, blockedBy, propose: (made) => matching.propose(made) })
  const matchOf = (playerId: PlayerId) => seats.liveSeatOf(playerId)?.matchId
  const openMatches = createOpenMatches({ ...parts, matchOf, offerRoom: matchmaking.offerRoom })
  const ticketStore = createTicketStore(records, log)
  const ticketNews = createTicketNews({ ...parts, matchmaking })
  const ticketParts = {
    ...parts,
    tickets,
    ticketStore,
    ticketNews,
    attendance,
    matchmaking,
    isDrained: () => hasDrained,
  }
  const lifecycle = createLifecycle(ticketParts)
  const { matchedTickets } = lifecycle
  const opening = createOpening({ ...ticketParts, lifecycle })
  const common = { ...ticketParts, lifecycle, opening, penalties, excuses, openMatches, opponents, matchedTickets }
  const matching = createMatching(common)
  const restoreTickets = createRestore(common)

  parts.time.onOutage((outageMs) => {
    for (const ticket of new Set([...tickets.all(), ...matchedTickets.all()])) lifecycle.addBack(ticket, outageMs)
  })
  const answers = createAnswers(common)

  function explain(playerId: PlayerId): Explained | Refusal {
    const ticket = tickets.of(playerId)
    if (!ticket) return refuse('NOT_QUEUED')
    const proposed = seats.proposalOf(playerId)?.size ?? null
    return accept({
      waitedMs: waitedMs(ticket, clock.now()),
      searching: matchmaking.searching(ticket.mode),
      ...explainTicket(ticket, matchmaking, proposed),
    })
  }

  async function restore(gap: Gap): Promise<void> {
    await penalties.restore(gap)
    await restoreTickets(gap)
  }

  /** Takes no more tickets. With a lasting store they wait for the next start; without one they end. */
  function drain(): void {
    hasDrained = true
    for (const ticket of tickets.all()) {
      if (isLasting) lifecycle.suspend(ticket)
      else lifecycle.apply(ticket, { type: 'drained' })
    }
  }

  /** Call it when all matches of this process have stopped. What is stored waits for the next start. */
  function stop(): void {
    tickets.clear()
    matchedTickets.letGo()
    openMatches.letGo()
    excuses.clear()
    answers.clear()
  }

  function ticketOf(playerId: PlayerId) {
    const ticket = tickets.of(playerId)
    return ticket && ticket.state.is !== 'opening' ? viewOf(ticket) : undefined
  }

  return {
    join: createJoin(common),
    leave: createLeave(common),
    answer: answers.answer,
    explain,
    ticketOf,
    isQueued: (playerId: PlayerId) => tickets.of(playerId) !== undefined,
    penaltyOf: penalties.of,
    ...createPlayerChanges(common),
    news: { ...createMatchNews(common), confirmed: matching.confirmed, cancelled: createRequeue(common) },
    restore,
    drain,
    stop,
    size: tickets.size,
    census: () => ({
      matchedTickets: matchedTickets.size(),
      openMatches: openMatches.size(),
      excuses: excuses.size(),
    }),
  }
}
