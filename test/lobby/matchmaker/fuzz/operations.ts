import type { Backfill, Ticket, TicketPatch, TickOptions } from '../../../../src/lobby/matchmaker/face.ts'
import type { Chance } from '../../../simulation/chance.ts'
import type { Population } from './population.ts'

/**
 * What is done to a matchmaker. A `pick` between 0 and 1 says which of those there are at that time, so that an
 * operation means something whatever was left out before it.
 */
export type Operation =
  | { do: 'add'; ticket: Ticket }
  | { do: 'again'; pick: number; id: string | null }
  | { do: 'remove'; pick: number; among: 'queued' | 'held' | 'gone' }
  | { do: 'update'; pick: number; among: 'queued' | 'held' | 'gone'; patch: TicketPatch }
  | { do: 'grow'; pick: number; mu: number }
  | { do: 'backfill'; request: Backfill }
  | { do: 'unfill'; pick: number }
  | { do: 'wait'; ms: number }
  | { do: 'tick'; options: TickOptions }
  | { do: 'next' }
  | { do: 'confirm'; pick: number }
  | { do: 'reject'; pick: number; who: number; again: boolean }
  | { do: 'late'; pick: number; what: 'confirm' | 'reject' }
  | { do: 'restart' }

export type Temper = Partial<Record<Operation['do'] | 'spoiled' | 'burst' | 'storm', number>>
/** How often what is done. */
export const TEMPERS: readonly Temper[] = [
  {
    add: 30,
    wait: 20,
    next: 15,
    tick: 10,
    confirm: 10,
    reject: 4,
    remove: 4,
    update: 4,
    late: 1,
    again: 2,
    spoiled: 1,
  },
  {
    add: 20,
    wait: 20,
    tick: 20,
    next: 5,
    confirm: 5,
    reject: 15,
    storm: 2,
    remove: 8,
    again: 4,
    backfill: 2,
    unfill: 1,
  },
  { add: 25, burst: 1, wait: 10, next: 20, confirm: 20, reject: 2, remove: 10, update: 10, grow: 3, restart: 2 },
  { add: 30, backfill: 8, unfill: 4, wait: 20, next: 20, confirm: 15, reject: 4, remove: 4, update: 4, restart: 1 },
  {
    add: 10,
    remove: 10,
    again: 10,
    wait: 10,
    tick: 10,
    next: 10,
    confirm: 6,
    reject: 6,
    late: 4,
    spoiled: 4,
    update: 6,
  },
]

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
    case 'restart':
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

/** A ticket that cannot be taken, for one reason. */
function spoiled(ticket: Ticket, chance: Chance): Ticket {
  const [first = { id: 'nobody', mu: 0 }, ...others] = ticket.players
  const rated = (mu: number, sigma = 1): Ticket => ({ ...ticket, players: [{ ...first, mu, sigma }, ...others] })
  return chance.pick<() => Ticket>([
    () => rated(Number.NaN),
    () => rated(Number.POSITIVE_INFINITY),
    () => rated(Number.NEGATIVE_INFINITY),
    () => rated(1, Number.NaN),
    () => rated(1, -1),
    () => ({ ...ticket, mode: 'chess' }),
    () => ({ ...ticket, mode: [] }),
    () => ({ ...ticket, mode: [ticket.mode, 'chess'].flat() }),
    () => ({ ...ticket, players: [] }),
    () => ({ ...ticket, players: [first, first] }),
    () => ({ ...ticket, players: Array.from({ length: 6 }, (_, n) => ({ id: `${first.id}-${n}`, mu: 1 })) }),
    () => ({ ...ticket, creditMs: chance.pick([Number.NaN, -1, Number.POSITIVE_INFINITY]) }),
    () => (ticket.latencies ? { ...ticket, latencies: { eu: chance.pick([Number.NaN, -1]) } } : rated(Number.NaN)),
  ])()
}
