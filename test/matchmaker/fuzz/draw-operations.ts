import type { TicketPatch, TickOptions } from '../../../src/matchmaker/api.ts'
import type { Chance } from '../../simulation/chance.ts'
import type { Operation, Temper } from './operations.ts'
import type { Population } from './population.ts'
import { spoiled } from './spoiled.ts'

interface Draw {
  chance: Chance
  people: Population
  temper: Temper
  /** Whether ticks may be bounded. */
  isBounded: boolean
}

export function drawOperations(count: number, draw: Draw): Operation[] {
  const operations: Operation[] = []
  let ids = 0
  while (operations.length < count) operations.push(...drawSome(draw, () => `t${ids++}`))
  return operations
}

function drawSome({ chance, people, temper, isBounded }: Draw, newId: () => string): Operation[] {
  const pick = chance.between(0, 999) / 1_000
  const among = () => chance.pick(['queued', 'queued', 'held', 'held', 'gone'] as const)
  const reject = () => ({ pick, who: chance.pick([0, 0, 1, 1, 2, 3, 255]), again: chance.is(0.5) })
  const add = (): Operation => ({ do: 'add', ticket: people.ticket(newId()) })
  const kind = chance.weighted(temper)
  switch (kind) {
    case 'add':
      return [add()]
    case 'burst':
      return Array.from({ length: chance.between(10, chance.pick([20, 120])) }, add)
    case 'spoiled':
      return [{ do: 'add', ticket: spoiled(people.ticket(newId()), chance) }]
    case 'again':
      return [{ do: 'again', pick, id: chance.is(0.5) ? newId() : null }]
    case 'remove':
      return [{ do: 'remove', pick, among: among() }]
    case 'update':
      return [{ do: 'update', pick, among: among(), patch: patch(people, chance) }]
    case 'grow':
      return [{ do: 'grow', pick, mu: people.rating() }]
    case 'backfill':
      return [{ do: 'backfill', request: people.backfill(newId()) }]
    case 'wait':
      return [{ do: 'wait', ms: chance.pick([0, 1, 50, 250, 1_000, 5_000, 30_000, 150_000, 3_600_000]) }]
    case 'tick':
      return [{ do: 'tick', options: isBounded ? bounds(chance) : {} }]
    case 'reject':
      return [{ do: 'reject', ...reject() }]
    case 'storm':
      return Array.from({ length: chance.between(2, 20) }, () =>
        chance.is(0.5) ? { do: 'next' } : { do: 'reject', ...reject() },
      )
    case 'late':
      return [{ do: 'late', pick, what: chance.pick(['confirm', 'reject']) }]
    case 'unfill':
    case 'confirm':
      return [{ do: kind, pick }]
    case 'next':
      return [{ do: kind }]
  }
}

const bounds = (chance: Chance): TickOptions => ({
  ...(chance.is(0.4) && { maxWork: chance.pick([1, 2, 5, 40]) }),
  ...(chance.is(0.3) && { maxMatches: chance.pick([1, 2]) }),
})

function patch(people: Population, chance: Chance): TicketPatch {
  const { block: _, ...traits } = people.traits()
  if (chance.is(0.3)) return traits
  if (chance.is(0.1)) return { mode: people.mode() }
  return { players: [{ id: 'the same', mu: chance.is(0.02) ? Number.NaN : people.rating() }] }
}
