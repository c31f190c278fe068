import { expect, test } from 'vitest'
import { withHealth } from '../../src/stores/health.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'

test('[ST5] a store is healthy if its last write, of a match or record, succeeded', async () => {
  const memory = openMemoryRecordStore()
  let isFull = true
  const { store, records, isHealthy } = withHealth({
    store: openMemoryMatchStore(),
    records: { ...memory, write: (changes) => (isFull ? Promise.reject(new Error('full')) : memory.write(changes)) },
  })
  expect(isHealthy()).toBe(true)
  await expect(records.write([])).rejects.toThrow('full')
  expect(isHealthy()).toBe(false)
  isFull = false
  await records.write([{ kind: 'ticket', id: 't', value: 1 }])
  expect(isHealthy()).toBe(true)
  expect(await records.load('ticket')).toHaveLength(1)
  await store.beat(1)
  expect(isHealthy()).toBe(true)
})
