import { expect, test } from 'vitest'
import { createKeyedQueue } from '../../src/util/keyed-queue.ts'

test('work on one key runs in order, even after failures, and leaves nothing behind', async () => {
  const { inTurn, size } = createKeyedQueue<string>()
  const order: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = inTurn('a', async () => {
    await gate.promise
    order.push('a1')
    throw new Error('failed')
  })
  const second = inTurn('a', async () => void order.push('a2'))
  await inTurn('b', async () => void order.push('b1'))
  gate.resolve()
  await expect(first).rejects.toThrow('failed')
  await second
  expect(order).toEqual(['b1', 'a1', 'a2'])
  expect(size()).toBe(0)
})

test('a key with a thousand waiting jobs is full', async () => {
  const { inTurn, isFull } = createKeyedQueue<string>()
  const gate = Promise.withResolvers<void>()
  const all = Array.from({ length: 1_000 }, () => inTurn('a', () => gate.promise))
  expect([isFull('a'), isFull('b')]).toEqual([true, false])
  gate.resolve()
  await Promise.all(all)
  expect(isFull('a')).toBe(false)
})

test('work on several keys waits for all of them, and later work on any of them waits for it', async () => {
  const { inTurn, idle, size, waiting } = createKeyedQueue<string>()
  const order: string[] = []
  const gate = Promise.withResolvers<void>()
  void inTurn('a', async () => {
    await gate.promise
    order.push('a')
  })
  void inTurn(['a', 'b', 'b'], async () => void order.push('a and b'))
  void inTurn('b', async () => void order.push('b'))
  await inTurn('c', async () => void order.push('c'))
  expect([order, waiting()]).toEqual([['c'], 3])
  gate.resolve()
  await idle()
  expect([order, waiting(), size()]).toEqual([['c', 'a', 'a and b', 'b'], 0, 0])
})
