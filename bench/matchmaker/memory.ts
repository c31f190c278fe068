import type { Ticket } from '../../src/matchmaker/api.ts'
import { arrivalsOf, usual } from '../../tools/lab/arrivals/population.ts'
import { regionNames } from '../../tools/lab/arrivals/regions.ts'
import { atMost, type Make, type Row } from './subject.ts'

const MOST_BYTES = 200

interface Kind {
  name: string
  teamSize: number
  hasRegions: boolean
}
const kinds: readonly Kind[] = [
  { name: '1v1', teamSize: 1, hasRegions: false },
  { name: '5v5 with parties', teamSize: 5, hasRegions: false },
  { name: '5v5, four regions', teamSize: 5, hasRegions: true },
]

function inUse(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function ticketsOf(count: number, { teamSize, hasRegions }: Kind): Ticket[] {
  const tickets: Ticket[] = []
  const population = { ...usual, seed: 1, mode: 'm', teamSize, rate: count, seconds: 2, hasRegions }
  for (const { ticket } of arrivalsOf(population)) if (tickets.push(ticket) === count) break
  return tickets
}

function bytesPerTicket(make: Make, count: number, kind: Kind): number {
  const tickets = ticketsOf(count, kind)
  const { teamSize, hasRegions } = kind
  const regions = hasRegions ? { regions: regionNames } : {}
  const before = inUse()
  const matchmaker = make({ modes: [{ id: 'm', teams: 2, teamSize }], ...regions })
  for (const ticket of tickets) matchmaker.add(ticket, 0)
  const bytes = (inUse() - before) / tickets.length
  // Both are still needed here, so neither was collected before it was counted.
  if (matchmaker.stats().queued !== tickets.length) throw new Error('not everyone is queued')
  return bytes
}

/** What the matchmaker keeps of a ticket beside the caller's own object, with a million of them queued. */
export const measureMemory = (make: Make, tickets: number): Row[] =>
  kinds.map((kind) =>
    atMost(`memory per ticket, ${kind.name}`, bytesPerTicket(make, tickets, kind), MOST_BYTES, ' B', 0),
  )
