import { expect, test } from 'vitest'
import { createRecheck } from '../../../tools/bots/ledger/recheck.ts'

const LONG_MS = 60_000

test('a waiting check resolves at the beat that makes it true, and not before', async () => {
  const { beat, until } = createRecheck()
  let beats = 0
  const waited = until(() => beats === 2, LONG_MS).then((isTrue) => [isTrue, beats])
  for (const count of [1, 2]) {
    beats = count
    beat()
  }
  expect(await waited).toEqual([true, 2])
})

test('a check that holds already resolves at once', async () => {
  expect(await createRecheck().until(() => true, LONG_MS)).toBe(true)
})

test('a wait ends in time when it does not become true', async () => {
  expect(await createRecheck().until(() => false, 1)).toBe(false)
})

test('all waiting checks resolve', async () => {
  const { beat, until } = createRecheck()
  let isOpen = false
  const both = Promise.all([until(() => isOpen, LONG_MS), until(() => isOpen, LONG_MS)])
  isOpen = true
  beat()
  expect(await both).toEqual([true, true])
})
