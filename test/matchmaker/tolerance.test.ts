import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  grown,
  grownAt,
  growthOf,
  openingTolerance,
  pairGrownAt,
  solve,
} from '../../src/matchmaker/estimates/tolerance.ts'
import { planOf } from '../../src/matchmaker/mode-plan.ts'

const plan = planOf({ id: 'm', teams: 2, teamSize: 5 }, 0, { modes: [] })
const growth = growthOf(plan)
const NOW = 100_000
const since = fc.array(fc.tuple(fc.nat(NOW), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 8 })

test('the instant at which a group has grown enough is where the sum gets there, and no earlier', () => {
  fc.assert(
    fc.property(since, fc.double({ min: 0.1, max: 5_000, noNaN: true }), (members, missing) => {
      const [cameAt, players] = [members.map(([at]) => at), members.map(([, count]) => count)]
      const sumAt = (at: number) => members.reduce((sum, [from, count]) => sum + count * grown(growth, at - from), 0)
      const at = solve(growth, cameAt, players, missing, NOW)
      expect(sumAt(at) - sumAt(NOW)).toBeCloseTo(missing, 4)
      expect(at).toBeGreaterThan(NOW)
    }),
  )
})

test('of a pair, and of one alone, it is the same', () => {
  fc.assert(
    fc.property(fc.nat(NOW), fc.nat(NOW), fc.double({ min: 0.1, max: 500, noNaN: true }), (a, b, by) => {
      const [older, younger] = [Math.min(a, b), Math.max(a, b)]
      const at = pairGrownAt(growth, older, younger, by, NOW)
      const sum = grown(growth, at - older) + grown(growth, at - younger)
      if (at > NOW) expect(sum).toBeCloseTo(by, 4)
      else expect(sum).toBeGreaterThanOrEqual(by)
      expect(grown(growth, grownAt(growth, a, by) - a)).toBeCloseTo(by, 4)
    }),
  )
})

test.each([
  ['four times the arrivals', 4e-6, 0.5],
  ['a quarter of them', 0.25e-6, 2],
])('%s: the opening slack changes by the root', (_, density, factor) => {
  expect(openingTolerance(plan, density, 0) / openingTolerance(plan, 1e-6, 0)).toBeCloseTo(factor, 9)
})

test('before anything is known, ratings that can hardly be told apart are near enough', () => {
  expect([openingTolerance(plan, Number.NaN, 60), openingTolerance(plan, 0, 60)]).toEqual([60, 60])
})
