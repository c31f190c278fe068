import { expect, test } from 'vitest'
import { between, dice } from '../../../../tools/bots/chaos/player/dice.ts'

const throws = (seed: number) => {
  const next = dice(seed)
  return Array.from({ length: 1_000 }, next)
}

test('the same seed gives the same numbers, another seed others', () => {
  expect(throws(7)).toEqual(throws(7))
  expect(throws(7)).not.toEqual(throws(8))
})

test('all numbers are from 0 to 1, spread evenly', () => {
  const numbers = throws(7)
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1)
})

test('a whole number lies between its bounds, both included', () => {
  const next = dice(7)
  const numbers = new Set(Array.from({ length: 200 }, () => between(next, 3, 5)))
  expect([...numbers].sort()).toEqual([3, 4, 5])
})
