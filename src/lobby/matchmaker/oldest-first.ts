import type { EpochMs } from '../../ports.ts'
import type { PlayerId, TicketId } from '../../protocol/ids.ts'

/** A wish to play, of one player or of several who stay together. */
export interface Ticket {
  readonly id: TicketId
  readonly mode: string
  readonly players: readonly { readonly id: PlayerId; readonly name: string }[]
  readonly queuedAt: EpochMs
}
export interface MatchmakerMode {
  id: string
  minPlayers: number
  maxPlayers: number
  /** How long the oldest ticket waits for a match larger than `minPlayers`. */
  fillMs: number
}
/** Tickets that play together; they are out of the matchmaker. */
export interface Proposal {
  mode: string
  tickets: Ticket[]
}

/** Pairs tickets, oldest first. Pure: the same calls give the same answers; time comes in and decisions go out. */
export function createMatchmaker(modes: readonly MatchmakerMode[]) {
  const lanes = new Map<string, Lane>(modes.map((mode) => [mode.id, { mode, tickets: [] }]))
  const laneOf = new Map<TicketId, Lane>()

  function add(ticket: Ticket): void {
    const lane = lanes.get(ticket.mode)
    if (!lane || laneOf.has(ticket.id)) throw new Error(`ticket ${ticket.id} does not belong into mode ${ticket.mode}`)
    const isYounger = (other: Ticket) => other.queuedAt > ticket.queuedAt
    const place = lane.tickets.findLastIndex((other) => !isYounger(other)) + 1
    lane.tickets.splice(place, 0, ticket)
    laneOf.set(ticket.id, lane)
  }

  /** Whether the ticket was there to be taken out. */
  function remove(id: TicketId): boolean {
    const lane = laneOf.get(id)
    if (!lane) return false
    lane.tickets = lane.tickets.filter((ticket) => ticket.id !== id)
    return laneOf.delete(id)
  }

  function tick(now: EpochMs): Proposal[] {
    return [...lanes.values()].flatMap((lane) => {
      const proposals: Proposal[] = []
      for (let tickets = nextGroup(lane, now); tickets; tickets = nextGroup(lane, now)) {
        for (const { id } of tickets) remove(id)
        proposals.push({ mode: lane.mode.id, tickets })
      }
      return proposals
    })
  }

  /** The first instant at which a tick may propose something, or null: as things are, never. */
  function nextAt(): EpochMs | null {
    const instants = [...lanes.values()].map(readyAt).filter((at) => at !== null)
    return instants.length === 0 ? null : Math.min(...instants)
  }

  const searching = (mode: string): number => sizeOf(lanes.get(mode)?.tickets ?? [])

  return { add, remove, tick, nextAt, searching }
}

interface Lane {
  readonly mode: MatchmakerMode
  /** Oldest first. */
  tickets: Ticket[]
}

const sizeOf = (tickets: readonly Ticket[]): number => tickets.reduce((sum, { players }) => sum + players.length, 0)

// Oldest first; a ticket that is too large for what room is left lets smaller ones pass.
function fill({ mode, tickets }: Lane): Ticket[] {
  let room = mode.maxPlayers
  return tickets.filter(({ players }) => {
    if (players.length > room) return false
    room -= players.length
    return true
  })
}

function readyAt(lane: Lane): EpochMs | null {
  const [oldest] = lane.tickets
  if (!oldest) return null
  const size = sizeOf(fill(lane))
  if (size === lane.mode.maxPlayers) return oldest.queuedAt
  return size >= lane.mode.minPlayers ? oldest.queuedAt + lane.mode.fillMs : null
}

function nextGroup(lane: Lane, now: EpochMs): Ticket[] | null {
  const at = readyAt(lane)
  return at !== null && at <= now ? fill(lane) : null
}
