import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Wheel } from '../../src/matchmaker/tickets/wheel.ts'

const SLOTS = 12
// Far beyond a turn of the wheel, which is four minutes.
const instant = fc.oneof(fc.nat(100), fc.nat(600_000), fc.constant(Infinity))
const step = fc.oneof(
  fc.record({ slot: fc.nat(SLOTS - 1), at: instant }),
  fc.record({ cleared: fc.nat(SLOTS - 1) }),
  fc.record({
    passes: fc.oneof(fc.nat(300), fc.nat(100_000), fc.nat(700_000)),
    limit: fc.integer({ min: 1, max: 20 }),
  }),
)

test('exactly the due slots are taken after any settings, moves and clearings', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const wheel = new Wheel()
      const due = new Map<number, number>()
      for (let slot = 0; slot < SLOTS; slot += 1) wheel.open(slot)
      let now = 0
      for (const one of steps) {
        if ('slot' in one) due.set(one.slot, now + one.at)
        if ('slot' in one) wheel.set(one.slot, now + one.at)
        if ('cleared' in one) due.delete(one.cleared)
        if ('cleared' in one) wheel.clear(one.cleared)
        if (!('passes' in one)) continue
        now += one.passes
        expect(wheel.earliest).toBeLessThanOrEqual(Math.min(...due.values()))
        const expected = [...due].filter(([, at]) => at <= now).map(([slot]) => slot)
        for (const slot of takeAll(wheel, now, one.limit)) expect(due.delete(slot), `slot ${slot}`).toBe(true)
        for (const slot of expected) expect(due.has(slot), `slot ${slot} is left`).toBe(false)
      }
    }),
    { numRuns: 300 },
  )
})

function takeAll(wheel: Wheel, now: number, limit: number): number[] {
  const all: number[] = []
  for (let taken = wheel.take(now, limit); taken.length > 0; taken = wheel.take(now, limit)) {
    expect(taken.length).toBeLessThanOrEqual(limit)
    for (const slot of taken) expect(wheel.release(slot)).toBe(true)
    all.push(...taken)
  }
  return all
}

test('a taken slot that gets another instant is no longer among the taken ones', () => {
  const wheel = new Wheel()
  for (const slot of [0, 1]) wheel.open(slot)
  for (const slot of [0, 1]) wheel.set(slot, 10)
  expect([wheel.take(10, 9), wheel.taken]).toEqual([[0, 1], 2])
  wheel.set(0, 20)
  wheel.clear(1)
  expect([wheel.taken, wheel.release(0), wheel.release(1), wheel.earliest]).toEqual([0, false, false, 20])
})
