import { expect, test } from 'vitest'
import { StoreUnavailableError } from '../../src/stores/sqlite/errors.ts'
import { recordStoreContract } from '../contracts/record-store.ts'
import { commitOf, freshDirectory, inDatabase, openStore } from './sqlite-support.ts'

recordStoreContract('sqlite', async () => {
  const { store, records } = await openStore(freshDirectory())
  return { records, close: store.close }
})

const ticket = (id: string, value: unknown = { id }) => ({ kind: 'ticket' as const, id, value })

test('records are there after a restart, in order', async () => {
  const directory = freshDirectory()
  const { store, records } = await openStore(directory)
  await records.write(['z', 'a', 'm'].map((id) => ticket(id)))
  await records.write([ticket('a', { waits: 1 })])
  await store.close()
  const again = await openStore(directory)
  expect(await again.records.load('ticket')).toEqual([
    { id: 'z', value: { id: 'z' } },
    { id: 'a', value: { waits: 1 } },
    { id: 'm', value: { id: 'm' } },
  ])
  expect(again.errors).toEqual([])
})

test.each([
  "UPDATE records SET value = replace(value, 'b', 'c') WHERE id = 'b'",
  "UPDATE records SET id = 'other' WHERE id = 'b'",
  "UPDATE records SET seal = 4611686018427387904 WHERE id = 'b'",
  "UPDATE records SET value = CAST(x'ff' AS TEXT) WHERE id = 'b'",
])('a damaged record is left out and logged, and the others are loaded: %s', async (meddle) => {
  const directory = freshDirectory()
  const { store, records } = await openStore(directory)
  await records.write(['a', 'b', 'c'].map((id) => ticket(id)))
  await store.close()
  inDatabase(directory, (database) => database.exec(meddle))
  const again = await openStore(directory)
  expect((await again.records.load('ticket')).map(({ id }) => id)).toEqual(['a', 'c'])
  expect(again.errors).toMatchObject([{ phrase: 'record was found damaged and is left out', kind: 'ticket' }])
  await again.records.write([ticket('b')])
  expect((await again.records.load('ticket')).map(({ id }) => id)).toContain('b')
})

test('records and matches written in one turn are committed together', async () => {
  const directory = freshDirectory()
  const { store, records } = await openStore(directory, { maxPages: 30 })
  await store.commit(commitOf('a', 0))
  const writes = [
    records.write([ticket('before')]),
    store.commit(commitOf('a', 1)),
    records.write([ticket('heavy', 'x'.repeat(200_000))]),
  ]
  for (const write of await Promise.allSettled(writes)) {
    expect(write).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) })
  }
  expect(await records.load('ticket')).toEqual([])
  expect((await store.load()).matches).toMatchObject([{ seq: 1 }])
  await records.write([ticket('after')])
  expect(await records.load('ticket')).toHaveLength(1)
})

test('writes after closing reject', async () => {
  const { store, records } = await openStore(freshDirectory())
  const written = records.write([ticket('last')])
  await store.close()
  await written
  await expect(records.write([ticket('late')])).rejects.toThrow(StoreUnavailableError)
  await expect(records.load('ticket')).rejects.toThrow(StoreUnavailableError)
})
