import type { Matchmaker, Proposal, Ticket } from '../lobby/matchmaker/face.ts'
import { type Chance, chanceOf } from './chance.ts'
import { gapOf } from './gap.ts'
import { heapOf } from './heap.ts'
import type { Life } from './life.ts'
import type { Arrival } from './population.ts'

export interface Run {
  matchmaker: Matchmaker
  /** By their instants. */
  arrivals: Iterable<Arrival>
  /** For how long after the last arrival the rest is waited for. */
  drainMs: number
  /** How often a ticket turns a found match down, and is gone. */
  declineShare?: number
  seed?: number
}

// What the queue around the matchmaker does: at most 100 ticks a second.
const LEAST_BETWEEN_TICKS_MS = 10

interface Waiting {
  readonly ticket: Ticket
  readonly queuedAt: number
  readonly givesUpAt: number
  readonly predictedWaitMs: number | null
}

/** Plays a queue on virtual time, from the first arrival until nobody waits any more; what became of each ticket. */
export function runQueue({ matchmaker, arrivals, drainMs, declineShare = 0, seed = 0 }: Run): Life[] {
  const waiting = new Map<string, Waiting>()
  const lives: Life[] = []
  const givingUp = heapOf<Waiting>(({ givesUpAt }) => givesUpAt)
  const declines = chanceOf(seed, 'declines')
  let tickedAt = -Infinity

  function arrive({ ticket, at, patienceMs }: Arrival): void {
    matchmaker.add(ticket, at)
    const predictedWaitMs = matchmaker.explain(ticket.id, at)?.expectedWaitMs ?? null
    const one = { ticket, queuedAt: at, givesUpAt: at + patienceMs, predictedWaitMs }
    waiting.set(ticket.id, one)
    if (patienceMs !== Infinity) givingUp.push(one)
  }

  function end(id: string, endedAt: number, how: Pick<Life, 'reason'> & Partial<Life>): void {
    const one = waiting.get(id)
    if (!one) throw new Error(`ticket ${id} ended twice, or was never there`)
    waiting.delete(id)
    lives.push({ ...recorded(one), endedAt, ...how })
  }

  function giveUp(at: number): void {
    const one = givingUp.pop()
    if (one && waiting.has(one.ticket.id) && matchmaker.remove(one.ticket.id, at))
      end(one.ticket.id, at, { reason: 'cancelled' })
  }

  function tick(at: number): void {
    tickedAt = at
    for (const proposal of matchmaker.tick(at)) settle(proposal, at)
  }

  function settle(proposal: Proposal, at: number): void {
    const who = decliners(proposal, declines, declineShare)
    if (who.length > 0) {
      matchmaker.reject(proposal.id, { who, now: at })
      for (const id of who) end(id, at, { reason: 'declined' })
      return
    }
    matchmaker.confirm(proposal.id)
    const match = { reason: 'matched', matchId: proposal.id, gap: gapOf(proposal.teams) } as const
    const where = proposal.region === null ? {} : { region: proposal.region }
    for (const [team, tickets] of proposal.teams.entries())
      for (const { id } of tickets) end(id, at, { ...match, ...where, team })
  }

  /** Everything that happens up to an instant, that one excluded. */
  function playUntil(until: number): void {
    for (;;) {
      const dueAt = matchmaker.nextAt()
      const tickAt = dueAt === null ? Infinity : Math.ceil(Math.max(dueAt, tickedAt + LEAST_BETWEEN_TICKS_MS))
      const giveUpAt = givingUp.peek()?.givesUpAt ?? Infinity
      if (Math.min(tickAt, giveUpAt) >= until) return
      if (giveUpAt <= tickAt) giveUp(giveUpAt)
      else tick(tickAt)
    }
  }

  let now = 0
  for (const arrival of arrivals) {
    now = arrival.at
    playUntil(now)
    arrive(arrival)
  }
  now += drainMs
  playUntil(now)
  for (const id of [...waiting.keys()]) end(id, now, { reason: 'drained' })
  return lives
}

function recorded({ ticket, queuedAt, predictedWaitMs }: Waiting) {
  const { latencies, attributes, wants, roles } = ticket
  const players = ticket.players.map(({ id, mu, sigma }) => ({ id, mu, ...(sigma === undefined ? {} : { sigma }) }))
  const mode = typeof ticket.mode === 'string' ? ticket.mode : (ticket.mode[0] ?? '')
  return { ticketId: ticket.id, mode, players, queuedAt, predictedWaitMs, latencies, attributes, wants, roles } as Omit<
    Life,
    'endedAt' | 'reason'
  >
}

function decliners({ teams }: Proposal, chance: Chance, share: number): string[] {
  if (share === 0) return []
  return teams.flatMap((tickets) => tickets.flatMap(({ id }) => (chance.is(share) ? [id] : [])))
}
