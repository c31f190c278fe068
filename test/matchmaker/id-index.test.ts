import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdIndex } from '../../src/matchmaker/tickets/id-index.ts'

test('an id leads to its slot after any additions and removals', () => {
  const id = fc.integer({ min: 0, max: 400 }).map((n) => `t${n}`)
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 1_500 }), (steps) => {
      const ids: string[] = []
      const index = new IdIndex((slot, one) => ids[slot] === one)
      const known = new Map<string, number>()
      for (const [one, comes] of steps) {
        const slot = known.get(one)
        expect(index.get(one)).toBe(slot)
        if (comes && slot === undefined) {
          index.add(one, ids.push(one) - 1)
          known.set(one, ids.length - 1)
        } else if (!comes && slot !== undefined) {
          index.delete(one, slot)
          known.delete(one)
        }
      }
      for (let n = 0; n <= 400; n += 1) expect(index.get(`t${n}`)).toBe(known.get(`t${n}`))
    }),
    { numRuns: 30 },
  )
})

test('a hundred thousand at once, and every second one gone', () => {
  const index = new IdIndex((slot, id) => id === `player-${slot}`)
  for (let n = 0; n < 100_000; n += 1) index.add(`player-${n}`, n)
  for (let n = 0; n < 100_000; n += 2) index.delete(`player-${n}`, n)
  const wrong = Array.from({ length: 100_000 }, (_, n) => n).filter(
    (n) => index.get(`player-${n}`) !== (n % 2 === 0 ? undefined : n),
  )
  expect(wrong).toEqual([])
})
