import { expect, test } from 'vitest'
import { Float64Column, fields, Int32Column, ObjectColumn, Slots } from '../../src/matchmaker/tickets/columns.ts'

const numbers = Array.from({ length: 40_000 }, (_, n) => n)

test('values stay while columns grow, also beside others of the same slot', () => {
  const floats = fields<Float64Array>(2)
  const links = fields<Int32Array>(3)
  const [first, second] = [new Float64Column(floats, 0), new Float64Column(floats, 1)]
  const link = new Int32Column(links, 2)
  const objects = new ObjectColumn<{ n: number }>()
  for (const n of numbers) {
    first.set(n, n + 0.5)
    second.set(n, -n)
    link.set(n, 2 * n)
    objects.set(n, { n })
  }
  const isKept = (n: number) =>
    first.get(n) === n + 0.5 && second.get(n) === -n && link.get(n) === 2 * n && objects.get(n).n === n
  expect(numbers.filter((n) => !isKept(n))).toEqual([])
})

test('slots that were given back are handed out again, each once', () => {
  const slots = new Slots()
  for (const _ of numbers) slots.take()
  for (const n of numbers.toReversed()) if (n % 3 === 0) slots.giveBack(n)
  const free = numbers.filter((n) => n % 3 === 0)
  expect(free.map(() => slots.take()).sort((a, b) => a - b)).toEqual(free)
  expect(slots.take()).toBe(numbers.length)
})

test('a small queue keeps little', () => {
  const record = fields<Float64Array>(4)
  const column = new Float64Column(record, 3)
  column.set(0, 1)
  expect(record.chunks.map(({ length }) => length)).toEqual([256])
  column.set(64, 1)
  expect(record.chunks.map(({ length }) => length)).toEqual([512])
})

test('a slot that was never set has no object', () => {
  const column = new ObjectColumn<{ n: number }>()
  column.clear(7)
  column.set(9_000, { n: 1 })
  column.set(20_000, { n: 2 })
  expect([0, 8_999, 9_000, 9_001, 20_000, 40_000].map((slot) => column.find(slot)?.n ?? null)).toEqual([
    ...[null, null, 1, null, 2, null],
  ])
  column.clear(9_000)
  expect(column.find(9_000)).toBeNull()
})
