import { arrivalsOf, usual } from '../../src/lab/population.ts'
import { regionNames } from '../../src/lab/regions.ts'
import type { Ticket } from '../../src/lobby/matchmaker/face.ts'
import { atMost, type Make, type Row } from './subject.ts'

const MANY = 1_000_000
const MOST_BYTES = 200

function inUse(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function ticketsOf(teamSize: number, hasRegions: boolean): Ticket[] {
  const tickets: Ticket[] = []
  const population = { ...usual, seed: 1, mode: 'm', teamSize, rate: MANY, seconds: 2, hasRegions }
  for (const { ticket } of arrivalsOf(population)) if (tickets.push(ticket) === MANY) break
  return tickets
}

function bytesPerTicket(make: Make, teamSize: number, hasRegions: boolean): number {
  const tickets = ticketsOf(teamSize, hasRegions)
  const regions = hasRegions ? { regions: regionNames } : {}
  const before = inUse()
  const matchmaker = make({ modes: [{ id: 'm', teams: 2, teamSize }], ...regions })
  for (const ticket of tickets) matchmaker.add(ticket, 0)
  const bytes = (inUse() - before) / MANY
  // Both are still needed here, so neither was collected before it was counted.
  if (matchmaker.stats().queued !== tickets.length) throw new Error('not everyone is queued')
  return bytes
}

/** What the matchmaker keeps of a ticket beside the caller's own object, with a million of them queued. */
export const measureMemory = (make: Make): Row[] => [
  atMost('memory per ticket, 1v1', bytesPerTicket(make, 1, false), MOST_BYTES, ' bytes', 0),
  atMost('memory per ticket, 5v5 with parties', bytesPerTicket(make, 5, false), MOST_BYTES, ' bytes', 0),
  atMost('memory per ticket, 5v5, four regions', bytesPerTicket(make, 5, true), MOST_BYTES, ' bytes', 0),
]
