import { type EndReason, stepTicket, type TicketEvent, type TicketState } from '../../../machines/ticket/ticket-life.ts'
import type { Proposal } from '../../../matchmaker/api.ts'
import type { Clock } from '../../../ports.ts'
import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { ServiceTime } from '../../../util/outage.ts'
import type { Player } from '../../ports.ts'
import type { Matchmaking } from '../matching/matchmaking.ts'
import { lineOf, type QueueJournal } from '../queue-log.ts'
import type { TicketAttendance } from './attendance.ts'
import { createMatchedTickets } from './matched-tickets.ts'
import type { TicketNews } from './ticket-news.ts'
import type { TicketStore } from './ticket-store.ts'
import type { Ticket, TicketRegistry } from './tickets.ts'

interface LifecycleParts {
  tickets: TicketRegistry
  ticketStore: TicketStore
  ticketNews: TicketNews
  matchmaking: Matchmaking
  attendance: TicketAttendance
  journal: QueueJournal | null
  clock: Clock
  time: ServiceTime
}
export type Lifecycle = ReturnType<typeof createLifecycle>

/**
 * A ticket from its opening to its end. `ticket-life.ts` says what may happen in which state; this module does what
 * follows from each state for the matchmaker, the store, the log and the players.
 */
export function createLifecycle(parts: LifecycleParts) {
  const { tickets, ticketStore, ticketNews, matchmaking, attendance, journal, clock, time } = parts
  const matchedTickets = createMatchedTickets((ticket) => apply(ticket, { type: 'match.settled' }))

  /** Steps the ticket, and does what follows from its new state. False when nothing changed. */
  function apply(ticket: Ticket, event: TicketEvent): boolean {
    const before = ticket.state
    const after = stepTicket(before, event)
    if (after === before) return false
    ticket.state = after
    leaveState(ticket, before, event)
    enterState(ticket, before, event)
    return true
  }

  function leaveState(ticket: Ticket, before: TicketState, event: TicketEvent): void {
    // A proposal holds its tickets in the matchmaker.
    if (before.is === 'searching' && event.type !== 'proposed') matchmaking.remove(ticket)
    if (before.is === 'held') ticket.cancelWait()
  }

  function enterState(ticket: Ticket, before: TicketState, event: TicketEvent): void {
    const { state } = ticket
    if (state.is === 'searching') {
      // The matchmaker puts the tickets of a rejected proposal back itself.
      if (event.type !== 'proposal.rejected') matchmaking.add(ticket)
    } else if (state.is === 'held') {
      const until = Math.min(...state.awayBy.values())
      ticket.cancelWait = time.at(until, () => apply(ticket, { type: 'wait.expired' }))
    } else if (state.is === 'matched') {
      matchedTickets.add(state.matchId, ticket)
      retire(ticket, 'matched', state.matchId)
    } else if (state.is === 'suspended') ticketNews.unfollow(ticket)
    else if (state.is === 'ended') {
      ticketStore.forget(ticket)
      if (before.is !== 'matched') retire(ticket, state.reason)
    }
  }

  /** Takes the ticket out of the queue, and tells its players if they knew of it. */
  function retire(ticket: Ticket, reason: EndReason, matchId?: MatchId): void {
    ticketNews.unfollow(ticket)
    tickets.delete(ticket)
    if (reason === 'notOpened') return
    journal?.write(lineOf(ticket, { at: clock.now(), reason, matchId }, journal))
    ticketNews.tellEnd(ticket, ticket.members, { reason, matchId })
  }

  /** The matchmaker has put the ticket into a proposal, whose match is being made. */
  function propose(ticket: Ticket, proposal: Proposal, match: Promise<MatchId | null>): void {
    ticket.busy = match
    ticket.proposal = proposal
    apply(ticket, { type: 'proposed' })
  }

  /** Its match came to nothing, or had no seat for it. */
  const searchOn = (ticket: Ticket): boolean =>
    apply(ticket, { type: 'match.cancelled', attendance: attendance.of(ticket) })

  /** One of its players has connected or disconnected. */
  const attend = (ticket: Ticket): boolean =>
    apply(ticket, { type: 'attendance.changed', attendance: attendance.of(ticket) })

  /** Removes some of its players. The others keep the ticket; without others it ends. */
  function leaveOut(ticket: Ticket, isOut: (player: Player) => boolean, reason: 'declined' | 'cancelled'): void {
    const stay = ticket.members.map((player) => !isOut(player))
    if (!stay.includes(true)) {
      return void apply(ticket, { type: reason === 'declined' ? 'player.declined' : 'player.left' })
    }
    const leavers = ticket.members.filter((_, n) => !stay[n])
    ticket.ratings = ticket.ratings.filter((_, n) => stay[n])
    ticket.members = ticket.members.filter((_, n) => stay[n])
    tickets.release(leavers)
    void ticketStore.put(ticket)
    ticketNews.tellEnd(ticket, leavers, { reason })
  }

  function rename(ticket: Ticket, playerId: PlayerId, name: string): void {
    ticket.members = ticket.members.map((member) => (member.id === playerId ? { ...member, name } : member))
    if (ticket.state.is !== 'opening') void ticketStore.put(ticket)
  }

  /** The process stops: the ticket stays as it is stored. */
  function suspend(ticket: Ticket): void {
    ticketNews.unfollow(ticket)
    // A ticket that is being stored is suspended or refused once that is done.
    if (ticket.state.is !== 'opening') apply(ticket, { type: 'suspended' })
  }

  /** Takes an outage off the time that the ticket has waited. */
  function addBack(ticket: Ticket, outageMs: number): void {
    ticket.lostMs += outageMs
    apply(ticket, { type: 'outage.ended', outageMs })
  }

  return { apply, propose, searchOn, attend, leaveOut, rename, suspend, addBack, matchedTickets }
}
