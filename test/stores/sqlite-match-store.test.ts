import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { MatchId } from '../../src/protocol/ids.ts'
import { openBatch } from '../../src/stores/sqlite/batch.ts'
import { StoreLockedError, StoreUnavailableError } from '../../src/stores/sqlite/errors.ts'
import { checksumOf } from '../../src/stores/sqlite/file/checksum.ts'
import { FORMAT } from '../../src/stores/sqlite/file/schema.ts'
import { matchStoreContract } from '../contracts/match-store.ts'
import { playerId } from '../support/openings.ts'
import { commitOf, freshDirectory, inDatabase, openStore, play, resultOf } from './sqlite-support.ts'

matchStoreContract('sqlite', async () => (await openStore(freshDirectory())).store, { keptLines: 1_000 })

test('commits are there after a restart, and the match can go on', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  await play(store, 'a', 3)
  await store.commit({ ...commitOf('b', 0), result: resultOf('b') })
  await store.beat(7_000)
  await store.close()
  const { store: again, errors } = await openStore(directory)
  const { matches, damaged } = await again.load()
  expect(matches).toEqual([
    { matchId: 'a', epoch: 1, seq: 3, snapshot: commitOf('a', 2).snapshot },
    { matchId: 'b', epoch: 1, seq: 1, snapshot: commitOf('b', 0).snapshot },
  ])
  expect(damaged).toEqual([])
  expect(await again.tail('a' as MatchId, 1)).toEqual([...commitOf('a', 1).lines, ...commitOf('a', 2).lines])
  expect(await again.history(playerId('ann'), 10)).toEqual([resultOf('b')])
  expect(await again.lastBeat()).toBe(7_000)
  expect(await again.commit(commitOf('a', 3, { epoch: 2 }))).toBe(true)
  expect(errors).toEqual([])
})

test('the writes of one turn see each other, and a refused one does not affect the others', async () => {
  const { store } = await openStore(freshDirectory())
  const answers = await Promise.all([
    store.commit(commitOf('a', 0)),
    store.commit(commitOf('a', 1, { lines: 2 })),
    store.commit(commitOf('a', 1)),
    store.commit(commitOf('b', 7)),
    store.commit(commitOf('c', 0, { epoch: 2 })),
    store.commit(commitOf('c', 1, { epoch: 1 })),
    store.commit(commitOf('e', 0, { epoch: 2, lines: 0 })),
    store.commit(commitOf('e', 0, { epoch: 1 })),
    store.commit(commitOf('d', 0)),
    store.remove('d' as MatchId),
    store.commit(commitOf('d', 0)),
    store.commit(commitOf('a', 3)),
  ])
  expect(answers).toEqual([true, true, false, false, true, false, true, false, true, undefined, true, true])
  const { matches } = await store.load()
  expect(matches.map(({ matchId, seq }) => [matchId, seq])).toEqual([
    ['a', 4],
    ['c', 1],
    ['e', 0],
    ['d', 1],
  ])
})

test('more writes than fit into one transaction are all written, in order', async () => {
  const { store } = await openStore(freshDirectory())
  const commits = Array.from({ length: 2_500 }, (_, after) => store.commit(commitOf('a', after)))
  expect(new Set(await Promise.all(commits))).toEqual(new Set([true]))
  expect(await store.tail('a' as MatchId, 2_490)).toHaveLength(10)
})

test('a read sees all earlier writes, committed or waiting', async () => {
  const { store } = await openStore(freshDirectory())
  const committed = store.commit({ ...commitOf('a', 0), result: resultOf('a') })
  expect(await store.tail('a' as MatchId, 0)).toHaveLength(1)
  void store.beat(3)
  expect(await store.lastBeat()).toBe(3)
  expect(await store.history(playerId('bob'), 1)).toHaveLength(1)
  expect(await committed).toBe(true)
})

test('a snapshot is stored as it was when the commit was called', async () => {
  const { store } = await openStore(freshDirectory())
  const commit = commitOf('a', 0)
  const committed = store.commit(commit)
  commit.snapshot.context.seats.length = 0
  await committed
  expect((await store.load()).matches[0]?.snapshot).toEqual(commitOf('a', 0).snapshot)
})

test('a snapshot that is not JSON fails only its own commit', async () => {
  const { store } = await openStore(freshDirectory())
  const snapshot = { ...commitOf('a', 0).snapshot, circle: {} }
  snapshot.circle = snapshot
  const broken = store.commit({ ...commitOf('a', 0), snapshot })
  const sound = store.commit(commitOf('b', 0))
  await expect(broken).rejects.toThrow()
  expect(await sound).toBe(true)
})

test('a write that the database refuses is rejected, and the next turn goes on', async () => {
  const { store } = await openStore(freshDirectory())
  await expect(store.commit({ ...commitOf('a', 0), epoch: Number.NaN })).rejects.toThrow(StoreUnavailableError)
  expect(await store.commit(commitOf('a', 0))).toBe(true)
})

test('a lasting write is synced to the disk, others are not', async () => {
  const database = new DatabaseSync(join(freshDirectory(), 'any.db'))
  onTestFinished(() => database.close())
  const { add } = openBatch(database, { begin() {}, end() {}, close() {} })
  const waitsForDisk = () => database.prepare('PRAGMA synchronous').get()?.synchronous === 2
  expect(await Promise.all([add(waitsForDisk), add(waitsForDisk, { isLasting: true })])).toEqual([true, true])
  expect(await add(waitsForDisk)).toBe(false)
})

test('closing commits waiting writes, and later writes reject', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  const committed = store.commit(commitOf('a', 0))
  await store.close()
  await store.close()
  expect(await committed).toBe(true)
  await expect(store.commit(commitOf('a', 1))).rejects.toThrow(StoreUnavailableError)
  await expect(store.tail('a' as MatchId, 0)).rejects.toThrow(StoreUnavailableError)
  expect((await (await openStore(directory)).store.load()).matches).toHaveLength(1)
})

test('the files are readable by the service’s user only', async () => {
  const directory = join(freshDirectory(), 'data', 'muster')
  const { store } = await openStore(directory)
  await store.commit(commitOf('a', 0))
  const modeOf = (...path: string[]) => statSync(join(directory, ...path)).mode & 0o777
  expect(modeOf()).toBe(0o700)
  for (const file of ['muster.db', 'muster.db-wal', 'muster.turns']) expect(modeOf(file)).toBe(0o600)
})

test('a directory is used by one store at a time', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  await expect(openStore(directory)).rejects.toThrow(StoreLockedError)
  await expect(openStore(directory)).rejects.toThrow('in use by another Muster process')
  expect(await store.commit(commitOf('a', 0))).toBe(true)
  await store.close()
  await openStore(directory)
})

test('a database that another program has open is refused', async () => {
  const directory = freshDirectory()
  await (await openStore(directory)).store.close()
  await inDatabase(directory, async (database) => {
    database.exec('BEGIN IMMEDIATE')
    await expect(openStore(directory)).rejects.toThrow(StoreLockedError)
  })
})

test('an unusable directory is reported', async () => {
  const directory = freshDirectory()
  writeFileSync(join(directory, 'file'), '')
  mkdirSync(join(directory, 'muster.db'))
  await expect(openStore(join(directory, 'file'))).rejects.toThrow(StoreUnavailableError)
  await expect(openStore(directory)).rejects.toThrow(StoreUnavailableError)
})

test('a database of a later Muster is refused and unchanged', async () => {
  const directory = freshDirectory()
  await (await openStore(directory)).store.close()
  inDatabase(directory, (database) => {
    const later = FORMAT + 1
    const note = database.prepare("UPDATE meta SET value = ?, seal = ? WHERE name = 'format'")
    note.run(later, checksumOf(['format'], `${later}`))
    database.exec('DROP TABLE played')
  })
  await expect(openStore(directory)).rejects.toThrow('written by a later version of Muster')
})
