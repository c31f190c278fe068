import { beforeEach, describe, expect, test } from 'vitest'
import type { RecordStore } from '../../src/lobby/record-store.ts'

/** What every store of records promises. `close` lets go of it after each test. */
export function recordStoreContract(
  name: string,
  open: () => Promise<{ records: RecordStore; close?: () => Promise<void> }>,
) {
  describe(`the record store contract: ${name}`, () => {
    let records: RecordStore
    beforeEach(async () => {
      const opened = await open()
      records = opened.records
      return opened.close
    })
    const ids = async (...of: Parameters<RecordStore['load']>) => (await records.load(...of)).map(({ id }) => id)

    test('written records are found again, by kind', async () => {
      await records.write([
        { kind: 'ticket', id: 't1', value: { mode: 'duel', at: 5, wants: [null, 0.1, 'ä'] } },
        { kind: 'party', id: 't1', value: 'another kind' },
      ])
      expect(await records.load('ticket')).toEqual([
        { id: 't1', value: { mode: 'duel', at: 5, wants: [null, 0.1, 'ä'] } },
      ])
      expect(await records.load('party')).toEqual([{ id: 't1', value: 'another kind' }])
      expect(await records.load('lobby')).toEqual([])
    })

    test('records come back in the order in which they were first written', async () => {
      await records.write([
        { kind: 'chat', id: 'z', value: 1 },
        { kind: 'chat', id: 'a', value: 2 },
      ])
      await records.write([
        { kind: 'chat', id: 'm', value: 3 },
        { kind: 'chat', id: 'z', value: 4 },
      ])
      expect(await records.load('chat')).toEqual([
        { id: 'z', value: 4 },
        { id: 'a', value: 2 },
        { id: 'm', value: 3 },
      ])
    })

    test('a record that was forgotten is gone, and forgetting it again does nothing', async () => {
      await records.write(['a', 'b'].map((id) => ({ kind: 'mail', id, value: id })))
      await records.write([{ kind: 'mail', id: 'a', value: null }])
      await records.write([{ kind: 'mail', id: 'a', value: null }])
      expect(await ids('mail')).toEqual(['b'])
      await records.write([{ kind: 'mail', id: 'a', value: 'again' }])
      expect(await ids('mail')).toEqual(['b', 'a'])
    })

    test('the changes of one write happen in their order', async () => {
      await records.write([
        { kind: 'lobby', id: 'a', value: 1 },
        { kind: 'lobby', id: 'a', value: null },
        { kind: 'lobby', id: 'b', value: 1 },
        { kind: 'lobby', id: 'b', value: 2 },
      ])
      expect(await records.load('lobby')).toEqual([{ id: 'b', value: 2 }])
    })

    test('with a value that is not JSON nothing of the write is kept, and others are', async () => {
      const circle: Record<string, unknown> = {}
      circle.circle = circle
      for (const value of [circle, undefined, 5n]) {
        const broken = records.write([
          { kind: 'person', id: 'sound', value: 1 },
          { kind: 'person', id: 'broken', value },
        ])
        const sound = records.write([{ kind: 'person', id: 'other', value: 1 }])
        await expect(broken).rejects.toThrow(TypeError)
        await sound
      }
      expect(await ids('person')).toEqual(['other'])
    })

    test('a record is kept as it was when it was handed in, and handed out as a copy', async () => {
      const value = { names: ['ann'] }
      const written = records.write([{ kind: 'person', id: 'p', value }])
      value.names.push('eve')
      await written
      for (const found of await records.load('person')) (found.value as typeof value).names.push('mallory')
      expect(await records.load('person')).toEqual([{ id: 'p', value: { names: ['ann'] } }])
    })

    test('a load sees all earlier writes', async () => {
      const written = records.write([{ kind: 'ticket', id: 't', value: 1 }])
      expect(await ids('ticket')).toEqual(['t'])
      await written
    })

    test('any text is an id', async () => {
      const odd = ['__proto__', 'constructor', '', ' ', 'a b', "'", '10', '9', 'é', '😀']
      await records.write(odd.map((id) => ({ kind: 'person', id, value: { id } })))
      expect(await records.load('person')).toEqual(odd.map((id) => ({ id, value: { id } })))
    })
  })
}
