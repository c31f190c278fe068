import { expect, test } from 'vitest'
import { Rate } from '../../src/matchmaker/estimates/arrival-rate.ts'
import { Density } from '../../src/matchmaker/estimates/density.ts'
import { ExpectedWaits } from '../../src/matchmaker/estimates/expected-wait.ts'

/** Ratings spread evenly from 0 to 1,000, in no order. */
const even = (n: number): number => (n * 617) % 1_000

function densityOf(count: number): Density {
  const density = new Density()
  for (let n = 0; n < count; n += 1) density.arrived(even(n), 60)
  return density
}

test.each([100, 1_000, 20_000])('after %i even arrivals the density is even, and thinner at the edge', (count) => {
  const density = densityOf(count)
  for (const rating of [300, 500, 700]) expect(density.at(rating) * 1_000).toBeCloseTo(1, 0)
  expect(density.at(1_500)).toBeLessThan(density.at(500) / 5)
  expect([density.rank(-1), density.rank(500), density.rank(2_000)]).toEqual([0, expect.closeTo(0.5, 1), 1])
})

test('arrivals before the last thousand are forgotten', () => {
  const density = densityOf(5_000)
  for (let n = 0; n < 1_500; n += 1) density.arrived(5_000 + even(n), 60)
  expect(density.at(500)).toBeLessThan(density.at(5_500) / 50)
})

test('two arrivals have a density, one has none, and equal ratings are infinitely dense', () => {
  const density = new Density()
  density.arrived(1_500, 60)
  expect(density.at(1_500)).toBeNaN()
  for (const rating of [1_510, 1_490]) density.arrived(rating, 60)
  expect(density.at(1_500)).toBeGreaterThan(0)
  expect(density.at(1_500)).toBeLessThan(1)
  const same = new Density()
  for (let n = 0; n < 50; n += 1) same.arrived(1_500, 60)
  expect(same.at(1_500)).toBe(Infinity)
})

test.each([0.1, 1, 10, 1_000])('%d arrivals a second are learned', (perSecond) => {
  const rate = new Rate()
  const count = Math.max(2_000, 60 * perSecond)
  for (let n = 0; n < count; n += 1) rate.arrived((n * 1_000) / perSecond, 1)
  expect((rate.perMs((count * 1_000) / perSecond) * 1_000) / perSecond).toBeCloseTo(1, 1)
})

test('a rate follows from night to peak within a minute and a half', () => {
  const rate = new Rate()
  for (let at = 0; at < 600_000; at += 3_000) rate.arrived(at, 1)
  for (let at = 600_000; at < 690_000; at += 100) rate.arrived(at, 1)
  expect(rate.perMs(690_000) * 1_000).toBeGreaterThan(7)
})

test('waits are expected by size and place among all, and by the mode alone before those are known', () => {
  const expectedWaits = new ExpectedWaits()
  expect(expectedWaits.estimate(0, { size: 1, rank: 0.5 })).toBeNull()
  for (let n = 0; n < 60; n += 1) {
    expectedWaits.record(0, 1, 0.5, 1_000)
    expectedWaits.record(0, 5, 0.5, 9_000)
  }
  const [solo, five, unknown] = [1, 5, 3].map((size) => expectedWaits.estimate(0, { size, rank: 0.5 }) as number)
  expect(solo).toBeLessThan(unknown as number)
  expect(unknown).toBeLessThan(five as number)
  expect(expectedWaits.estimate(0, { size: 1, rank: 0.5 }, 60_000)).toBeGreaterThan(60_000)
  expect(expectedWaits.estimate(1, { size: 1, rank: 0.5 })).toBeNull()
})
