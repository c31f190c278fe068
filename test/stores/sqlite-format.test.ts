import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { MatchId } from '../../src/protocol/ids.ts'
import { createDatabase, FORMAT } from '../../src/stores/sqlite/file/schema.ts'
import { playerId } from '../support/openings.ts'
import { commitOf, freshDirectory, inDatabase, openStore, resultOf } from './sqlite-support.ts'

const EXAMPLES = 'test/stores/examples'

/** A database written by an earlier version of Muster. */
function exampleOf(format: number): { directory: string; bytes: Buffer; path: string } {
  const directory = freshDirectory()
  const bytes = gunzipSync(readFileSync(join(EXAMPLES, `format-${format}.db.gz`)))
  const path = join(directory, 'muster.db')
  writeFileSync(path, bytes)
  return { directory, bytes, path }
}
const layoutOf = (directory: string) =>
  inDatabase(directory, (database) => database.prepare('SELECT type, name, rootpage, sql FROM sqlite_schema').all())

async function expectAllOfIt(directory: string): Promise<void> {
  const { store, records } = await openStore(directory)
  const { matches, damaged } = await store.load()
  expect(damaged).toEqual([])
  expect(matches.map(({ matchId, seq }) => [matchId, seq])).toEqual([
    ['a', 3],
    ['b', 1],
    ['c', 1],
    ['d', 1],
  ])
  expect(matches[0]?.snapshot).toMatchObject({ context: { seats: [{ name: 'ann of a at 3' }, { name: 'bob' }] } })
  expect(await store.tail('a' as MatchId, 0)).toHaveLength(3)
  expect(await store.history(playerId('bob'), 9)).toEqual([resultOf('b')])
  expect(await store.lastBeat()).toBe(7_000)
  await records.write([{ kind: 'ticket', id: 't', value: 1 }])
  expect(await store.commit(commitOf('a', 3))).toBe(true)
  await store.close()
  const again = await openStore(directory)
  expect(again.errors).toEqual([])
  expect(await again.records.load('ticket')).toEqual([{ id: 't', value: 1 }])
  await again.store.close()
}

test('every earlier format has an example', () => {
  expect(readdirSync(EXAMPLES)).toEqual(Array.from({ length: FORMAT - 1 }, (_, n) => `format-${n + 1}.db.gz`))
})

test('[ST4] a database of format 1 is migrated with all its data', async () => {
  const { directory } = exampleOf(1)
  await expectAllOfIt(directory)
  expect(readdirSync(directory).filter((file) => file.includes('damaged') || file.includes('new'))).toEqual([])
  const fresh = freshDirectory()
  createDatabase(join(fresh, 'muster.db'))
  expect(layoutOf(directory)).toEqual(layoutOf(fresh))
})

test('[ST4] a damaged database of format 1 is kept aside, and its readable data is migrated', async () => {
  const { directory, bytes, path } = exampleOf(1)
  writeFileSync(path, bytes.fill(0xaa, 0, 4_096))
  await expectAllOfIt(directory)
  expect(readFileSync(`${path}.damaged-1`)).toEqual(bytes)
})

test('a database that cannot be migrated stays unchanged', async () => {
  const { directory, bytes, path } = exampleOf(1)
  mkdirSync(`${path}.new`)
  await expect(openStore(directory)).rejects.toThrow()
  expect(readFileSync(path).subarray(4_096)).toEqual(bytes.subarray(4_096))
})

test('only the first page says where the tables are', async () => {
  const directory = freshDirectory()
  createDatabase(join(directory, 'muster.db'))
  const pages = inDatabase(directory, (database) =>
    database.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").all(),
  )
  expect(pages).toEqual([{ pageno: 1 }])
})
