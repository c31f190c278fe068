import { expect, test } from 'vitest'
import { readPosition } from '../src/position.ts'

test('only positions in the arena are read', () => {
  expect(readPosition({ x: 0.5, y: 1 })).toEqual({ x: 0.5, y: 1 })
  for (const data of [null, 'x', {}, { x: 2, y: 0 }, { x: 'a', y: 0 }, { x: Number.NaN, y: 0 }])
    expect(readPosition(data)).toBeNull()
})
