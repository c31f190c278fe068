import type { Mode } from '../../../config/modes.ts'
import type { TicketState } from '../../../machines/ticket/ticket-life.ts'
import type { Proposal } from '../../../matchmaker/api.ts'
import type { Cancel, EpochMs } from '../../../ports.ts'
import type { AnswerOf, PayloadOf } from '../../../protocol/declare.ts'
import type { lobby } from '../../../protocol/events/lobby.ts'
import type { PlayerId, TicketId } from '../../../protocol/ids.ts'
import type { Player, Rating } from '../../ports.ts'

/** What the player asked for in `queue:join`. */
export type Wishes = Omit<PayloadOf<(typeof lobby.requests)['queue:join']>, 'mode'>

/** A ticket in the queue, of a player or of a party. */
export interface Ticket {
  readonly id: TicketId
  readonly mode: Mode
  /** The player who queued comes first. */
  members: readonly Player[]
  readonly wishes: Wishes
  readonly queuedAt: EpochMs
  /** The outages since then, in ms; they do not count as waiting. */
  lostMs: number
  ratings: readonly Rating[]
  /** Changed by the lifecycle alone. */
  state: TicketState
  /** Settles when the ticket is stored, or its match is made. */
  busy: Promise<unknown>
  /** The last proposal with this ticket. */
  proposal: Proposal | null
  /** Stops the wait for players who are away. */
  cancelWait: Cancel
  /** The last estimate of the whole wait, in ms. */
  expectedWaitMs: number | null
  /** The first estimate, for the log. */
  predictedWaitMs: number | null
}

type TicketData = Pick<Ticket, 'id' | 'mode' | 'members' | 'wishes' | 'queuedAt' | 'lostMs' | 'ratings'>

/** A ticket that is about to be opened. */
export const newTicket = ({ id, mode, members, wishes, queuedAt, lostMs, ratings }: TicketData): Ticket => ({
  ...{ id, mode, members, wishes, queuedAt, lostMs, ratings },
  state: { is: 'opening' },
  busy: Promise.resolve(),
  proposal: null,
  cancelWait: () => {},
  expectedWaitMs: null,
  predictedWaitMs: null,
})

/** How long the ticket has waited, in ms. */
export const waitedMs = ({ queuedAt, lostMs }: Pick<Ticket, 'queuedAt' | 'lostMs'>, now: EpochMs): number =>
  Math.max(0, now - queuedAt - lostMs)

type TicketView = AnswerOf<(typeof lobby.requests)['queue:join']>['ticket']

/** What its players see of a ticket. */
export const viewOf = ({ id, mode, queuedAt, expectedWaitMs }: Ticket): TicketView => ({
  id,
  mode: mode.id,
  queuedAt,
  estimatedWaitMs: expectedWaitMs,
})

/** The tickets by id and by player. A player is in one at most. */
export function createTicketRegistry() {
  const byPlayer = new Map<PlayerId, Ticket>()
  const byTicket = new Map<TicketId, Ticket>()
  return {
    add(ticket: Ticket): void {
      byTicket.set(ticket.id, ticket)
      for (const { id } of ticket.members) byPlayer.set(id, ticket)
    },
    /** Whether it was there. */
    delete(ticket: Ticket): boolean {
      for (const { id } of ticket.members) if (byPlayer.get(id) === ticket) byPlayer.delete(id)
      return byTicket.delete(ticket.id)
    },
    /** Removes these players from the index; the other players keep the ticket. */
    release(players: readonly Player[]): void {
      for (const { id } of players) byPlayer.delete(id)
    },
    has: (ticket: Ticket): boolean => byTicket.get(ticket.id) === ticket,
    of: (playerId: PlayerId): Ticket | undefined => byPlayer.get(playerId),
    get: (id: string): Ticket | undefined => byTicket.get(id as TicketId),
    all: (): Ticket[] => [...byTicket.values()],
    clear(): void {
      byPlayer.clear()
      byTicket.clear()
    },
    size: (): number => byTicket.size,
  }
}
export type TicketRegistry = ReturnType<typeof createTicketRegistry>
