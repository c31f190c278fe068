import { expect, test } from 'vitest'
import { Exclusions } from '../../src/matchmaker/exclusions.ts'
import { ticket } from './fuzz/table.ts'

test('[QU42] a refused group waits for its time in any order of its members, and no other group does', () => {
  const known = new Exclusions()
  known.refuse(['a', 'b'], 2_000)
  known.refuse(['c', 'b', 'a'], 2_500)
  expect(known.refusedUntil(['b', 'a'], 0)).toBe(2_000)
  expect(known.refusedUntil(['a', 'b', 'c'], 0)).toBe(2_500)
  expect(known.refusedUntil(['a', 'c'], 0)).toBe(0)
  expect(known.refusedUntil(['a', 'd'], 7)).toBe(7)
  expect(known.refusedUntil(['a', 'b'], 2_000)).toBe(2_000)
  expect(known.hasRefused).toBe(true)
  expect(known.refusedUntil(['c', 'a', 'b'], 2_499)).toBe(2_500)
  known.refuse(['a', 'b'], 4_500)
  expect(known.refusedUntil(['a', 'b'], 4_499)).toBe(4_500)
  expect(known.refusedUntil(['a', 'b'], 4_500)).toBe(4_500)
  expect(known.hasRefused).toBe(false)
})

test('blocking and blocked players are told apart, also when a slot is reused', () => {
  const known = new Exclusions()
  const tickets = Array.from({ length: 60 }, (_, n) => ticket(`t${n}`, { size: 1 + (n % 3) }))
  const blocked = (n: number) => tickets.filter((_, other) => (other * 7 + n) % 5 === 0).map(({ id }) => `${id}-0`)
  for (const round of [0, 1]) {
    for (const n of tickets.keys()) known.open(n, (n + round) % 2 ? blocked(n) : undefined)
    for (const [n, one] of tickets.entries()) {
      for (const [m, other] of tickets.entries()) {
        const isFine = !((n + round) % 2 && blocked(n).includes(`${other.id}-0`))
        expect(known.hasBlockedOneOf(n, m, other)).toBe(!isFine)
        const isFineBack = !((m + round) % 2 && blocked(m).includes(`${one.id}-0`))
        expect(known.mayMeet(n, one, m, other)).toBe(isFine && isFineBack)
      }
    }
    for (const n of tickets.keys()) known.close(n)
    expect(known.hasBlocked).toBe(false)
  }
})
