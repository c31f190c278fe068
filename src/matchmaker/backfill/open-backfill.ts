import type { Backfill, Ticket, TicketPlayer } from '../api.ts'
import type { Lane } from '../tickets/lane.ts'

/** A running match that looks for players. */
export interface OpenBackfill {
  slot: number
  /** Counts the matches that were opened. */
  serial: number
  request: Backfill
  since: number
  classId: number
  lanes: Lane[]
  /** The mean rating of its players when it was opened; 0 without players. */
  middle: number
  /** The most seats that are free in one of its teams. */
  room: number
  /** The instant of its next search; infinite until a ticket comes that it may want. */
  dueAt: number
  /** Tickets that were proposed to it, by proposal. */
  held: Map<string, Guest>
  /** Tickets that have joined it; their wants and blocks still count. */
  joined: Guest[]
}
/** A ticket that has joined the match or was proposed to it. */
export interface Guest {
  team: number
  /** The region that the ticket came from. The match stays in that region. */
  region: number
  ticket: Ticket
}
/** Names a ticket in refusals that concern this match alone. */
export const guestOf = (backfillId: string, ticketId: string): string => `${backfillId} ${ticketId}`

/** The mean rating of the players in the match and proposed to it; null without players. */
export function meanOf({ request, middle, held, joined }: OpenBackfill): number | null {
  let sum = 0
  let count = 0
  for (const team of request.teams) count += team.length
  sum = count * middle
  for (const guests of [joined, held.values()]) {
    for (const { ticket } of guests) {
      for (const { mu } of ticket.players) sum += mu
      count += ticket.players.length
    }
  }
  return count === 0 ? null : sum / count
}

/** Free seats by team, without those of proposed tickets. */
export function roomsOf(backfill: OpenBackfill, { plan }: Pick<Lane, 'plan'>): number[] {
  return Array.from({ length: plan.teams }, (_, team) => plan.teamSize - playersIn(backfill, team).length)
}

/** The players in a team of the match and proposed to it. */
export const playersIn = (backfill: OpenBackfill, team: number): TicketPlayer[] => [
  ...(backfill.request.teams[team] ?? []),
  ...guestsOf(backfill).flatMap((guest) => (guest.team === team ? guest.ticket.players : [])),
]

export const lanesOf = (backfill: OpenBackfill): Lane[] => {
  const [first] = guestsOf(backfill)
  return first ? backfill.lanes.filter(({ region }) => region === first.region) : backfill.lanes
}
export const guestsOf = ({ held, joined }: OpenBackfill): Guest[] => [...joined, ...held.values()]
