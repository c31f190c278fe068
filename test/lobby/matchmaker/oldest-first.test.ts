import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMatchmaker, type Ticket } from '../../../src/lobby/matchmaker/oldest-first.ts'
import type { PlayerId, TicketId } from '../../../src/protocol/ids.ts'

const duel = { id: 'duel', minPlayers: 2, maxPlayers: 2, fillMs: 0 }
const party = { id: 'party', minPlayers: 2, maxPlayers: 4, fillMs: 3_000 }

const ticket = (id: string, queuedAt: number, { mode = 'duel', size = 1 } = {}): Ticket => ({
  id: id as TicketId,
  mode,
  queuedAt,
  players: Array.from({ length: size }, (_, n) => ({ id: `${id}-${n}` as PlayerId, name: id })),
})
const idsOf = (groups: { tickets: Ticket[] }[]) => groups.map(({ tickets }) => tickets.map(({ id }) => id))

test('[QU3] the oldest play first, in the order in which they queued', () => {
  const matchmaker = createMatchmaker([duel])
  for (const [id, at] of [
    ['c', 30],
    ['a', 10],
    ['e', 50],
    ['b', 20],
    ['d', 40],
  ] as const)
    matchmaker.add(ticket(id, at))
  expect(idsOf(matchmaker.tick(100))).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  expect(matchmaker.searching('duel')).toBe(1)
})

test('[QU3] a range of players starts full at once, or with whoever is there after the wait', () => {
  const matchmaker = createMatchmaker([party])
  for (const id of ['a', 'b', 'c']) matchmaker.add(ticket(id, 0, { mode: 'party' }))
  expect(matchmaker.nextAt()).toBe(3_000)
  expect(matchmaker.tick(2_999)).toEqual([])
  matchmaker.add(ticket('d', 2_999, { mode: 'party' }))
  matchmaker.add(ticket('e', 2_999, { mode: 'party' }))
  expect(idsOf(matchmaker.tick(2_999))).toEqual([['a', 'b', 'c', 'd']])
  expect(matchmaker.nextAt()).toBeNull()
  matchmaker.add(ticket('f', 4_000, { mode: 'party' }))
  expect(matchmaker.nextAt()).toBe(5_999)
  expect(idsOf(matchmaker.tick(5_999))).toEqual([['e', 'f']])
})

test('a ticket of several players stays whole, and lets smaller ones pass where it does not fit', () => {
  const matchmaker = createMatchmaker([party])
  for (const [id, size] of [
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ] as const)
    matchmaker.add(ticket(id, 0, { mode: 'party', size }))
  expect(idsOf(matchmaker.tick(0))).toEqual([['a', 'c']])
})

test('an idle queue asks for no tick', () => {
  const matchmaker = createMatchmaker([duel])
  expect(matchmaker.nextAt()).toBeNull()
  matchmaker.add(ticket('a', 0))
  expect(matchmaker.nextAt()).toBeNull()
})

test('a ticket belongs into a known mode, and is added once', () => {
  const matchmaker = createMatchmaker([duel])
  matchmaker.add(ticket('a', 0))
  expect(() => matchmaker.add(ticket('a', 0))).toThrow('ticket a')
  expect(() => matchmaker.add(ticket('b', 0, { mode: 'chess' }))).toThrow('mode chess')
})

const operations = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('add' as const),
      mode: fc.constantFrom('duel', 'party'),
      size: fc.integer({ min: 1, max: 2 }),
    }),
    fc.record({ do: fc.constant('remove' as const), which: fc.nat(60) }),
    fc.record({ do: fc.constant('tick' as const), afterMs: fc.nat(4_000) }),
  ),
  { maxLength: 120 },
)

test('queued, matched and removed tickets add up, nobody plays twice, and groups have a legal size', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const matchmaker = createMatchmaker([duel, party])
      const fates = new Map<string, 'queued' | 'matched' | 'removed'>()
      let now = 0
      for (const [n, operation] of list.entries()) {
        if (operation.do === 'add') {
          matchmaker.add(ticket(`t${n}`, now, operation))
          fates.set(`t${n}`, 'queued')
        } else if (operation.do === 'remove') {
          const id = `t${operation.which}` as TicketId
          const isQueued = fates.get(id) === 'queued'
          expect(matchmaker.remove(id)).toBe(isQueued)
          if (isQueued) fates.set(id, 'removed')
        } else {
          now += operation.afterMs
          for (const { mode, tickets } of matchmaker.tick(now)) {
            const players = tickets.flatMap((one) => one.players).length
            expect(players).toBeGreaterThanOrEqual(2)
            expect(players).toBeLessThanOrEqual(mode === 'duel' ? 2 : 4)
            for (const { id } of tickets) {
              expect(fates.get(id)).toBe('queued')
              fates.set(id, 'matched')
            }
          }
          const next = matchmaker.nextAt()
          if (next !== null) expect(next).toBeGreaterThan(now)
        }
      }
    }),
    { numRuns: 300 },
  )
})
