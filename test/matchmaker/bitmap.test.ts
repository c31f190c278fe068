import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bitmap } from '../../src/matchmaker/tickets/bitmap.ts'

const SIZE = 5_000
const index = fc.nat(SIZE - 1)

test('the next and the previous member are those of a plain set', () => {
  const ask = (members: number[], gone: number[], from: number) => {
    const bitmap = new Bitmap(SIZE)
    for (const one of members) bitmap.add(one)
    for (const one of gone) bitmap.delete(one)
    const left = members.filter((one) => !gone.includes(one))
    left.sort((a, b) => a - b)
    expect(bitmap.next(from)).toBe(left.find((one) => one >= from) ?? -1)
    expect(bitmap.previous(from)).toBe(left.findLast((one) => one <= from) ?? -1)
  }
  fc.assert(fc.property(fc.array(index), fc.array(index), index, ask))
})

test.each([0, 31, 32, 1_023, 1_024, SIZE - 1])('%i, at an edge of its words, is found from both sides', (edge) => {
  const bitmap = new Bitmap(SIZE)
  bitmap.add(edge)
  expect([bitmap.next(0), bitmap.next(edge), bitmap.next(edge + 1)]).toEqual([edge, edge, -1])
  expect([bitmap.previous(SIZE - 1), bitmap.previous(edge), bitmap.previous(edge - 1)]).toEqual([edge, edge, -1])
})
