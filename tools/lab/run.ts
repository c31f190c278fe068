import { type Matchmaker, type Proposal, TicketError } from '../../src/matchmaker/api.ts'
import { heapOf } from './arrivals/heap.ts'
import type { Arrival } from './arrivals/population.ts'
import type { Life } from './report/life.ts'
import { teamGap } from './report/team-gap.ts'

export interface Run {
  matchmaker: Matchmaker
  /** By their instants. */
  arrivals: Iterable<Arrival>
  /** Until when the rest is waited for. */
  untilMs: number
}
export interface Outcome {
  /** What became of each ticket, as they ended. */
  lives: Life[]
  /** Tickets that the matchmaker would not take. */
  refused: number
}

// What the queue around the matchmaker does: at most 100 ticks a second.
const LEAST_BETWEEN_TICKS_MS = 10

interface Waiting extends Arrival {
  readonly givesUpAt: number
  readonly predictedWaitMs: number | null
}

/** Plays a queue on virtual time, from the first arrival on. */
export function runQueue({ matchmaker, arrivals, untilMs }: Run): Outcome {
  const waiting = new Map<string, Waiting>()
  const outcome: Outcome = { lives: [], refused: 0 }
  const givingUp = heapOf<Waiting>(({ givesUpAt }) => givesUpAt)
  let tickedAt = -Infinity

  function arrive(arrival: Arrival): void {
    const { ticket, at, patienceMs } = arrival
    if (!isTaken(arrival)) return
    const predictedWaitMs = matchmaker.estimate(ticket.id, at)
    const one = { ...arrival, givesUpAt: at + patienceMs, predictedWaitMs }
    waiting.set(ticket.id, one)
    if (patienceMs !== Infinity) givingUp.push(one)
  }
  function isTaken({ ticket, at }: Arrival): boolean {
    try {
      matchmaker.add(ticket, at)
      return true
    } catch (fault) {
      if (!(fault instanceof TicketError)) throw fault
      outcome.refused += 1
      return false
    }
  }

  function end(id: string, endedAt: number, how: Pick<Life, 'reason'> & Partial<Life>): void {
    const one = waiting.get(id)
    if (!one) throw new Error(`ticket ${id} ended twice, or was never there`)
    waiting.delete(id)
    outcome.lives.push(lifeOf(one, endedAt, how))
  }
  function giveUp(at: number): void {
    const id = givingUp.pop()?.ticket.id
    if (id !== undefined && waiting.has(id) && matchmaker.remove(id, at)) end(id, at, { reason: 'cancelled' })
  }
  function tick(at: number): void {
    tickedAt = at
    for (const proposal of matchmaker.tick(at)) settle(proposal, at)
  }

  function settle(proposal: Proposal, at: number): void {
    const ids = proposal.teams.flatMap((tickets) => tickets.map(({ id }) => id))
    const who = ids.filter((id) => waiting.get(id)?.declines)
    if (who.length === 0) return matched(proposal, at)
    matchmaker.reject(proposal.id, { who, now: at })
    for (const id of who) end(id, at, { reason: 'declined' })
  }
  function matched({ id: matchId, region, teams }: Proposal, at: number): void {
    matchmaker.confirm(matchId)
    const where = region === null ? {} : { region }
    const match = { reason: 'matched', matchId, gap: teamGap(teams), ...where } as const
    for (const [team, tickets] of teams.entries()) for (const { id } of tickets) end(id, at, { ...match, team })
  }

  /** Everything that happens up to an instant, that one excluded. */
  function playUntil(until: number): void {
    for (;;) {
      const dueAt = matchmaker.nextAt() ?? Infinity
      const tickAt = Math.ceil(Math.max(dueAt, tickedAt + LEAST_BETWEEN_TICKS_MS))
      const giveUpAt = givingUp.peek()?.givesUpAt ?? Infinity
      if (Math.min(tickAt, giveUpAt) >= until) return
      if (giveUpAt <= tickAt) giveUp(giveUpAt)
      else tick(tickAt)
    }
  }

  for (const arrival of arrivals) {
    playUntil(arrival.at)
    arrive(arrival)
  }
  // What happens at that very instant still does.
  playUntil(untilMs + 1)
  for (const id of [...waiting.keys()]) end(id, untilMs, { reason: 'drained' })
  return outcome
}

function lifeOf({ ticket, at, predictedWaitMs }: Waiting, endedAt: number, how: Pick<Life, 'reason'>): Life {
  const { id: ticketId, mode, players, ...rest } = ticket
  const { latencies, attributes, wants, roles } = rest as Partial<Life>
  const [firstMode] = typeof mode === 'string' ? [mode] : mode
  const who = players as Life['players']
  const said = Object.entries({ latencies, attributes, wants, roles }).filter(([, value]) => value !== undefined)
  const life = { ticketId, mode: firstMode ?? '', players: who, queuedAt: at, endedAt, ...how, predictedWaitMs }
  return { ...life, ...Object.fromEntries(said) }
}
