import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { MatchCommit } from '../../src/match/match-store.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { StoreUnavailableError } from '../../src/stores/sqlite/errors.ts'
import { playerId } from '../support/openings.ts'
import { commitOf, freshDirectory, openStore, resultOf } from './sqlite-support.ts'

const heavy = (id: string, after: number): MatchCommit => {
  const commit = commitOf(id, after)
  return { ...commit, snapshot: { ...commit.snapshot, ballast: 'x'.repeat(50_000) } as MatchCommit['snapshot'] }
}

test('on a full disk a transaction is rolled back, and all its writes reject', async () => {
  const { store, errors } = await openStore(freshDirectory(), { maxPages: 20 })
  await store.commit(commitOf('a', 0))
  const writes = [
    store.commit({ ...commitOf('b', 0), result: resultOf('b') }),
    store.commit(heavy('c', 0)),
    store.commit(commitOf('a', 1)),
    store.commit(commitOf('d', 5)),
    store.remove('a' as MatchId),
    store.beat(9),
  ]
  for (const write of await Promise.allSettled(writes)) {
    expect(write).toMatchObject({ status: 'rejected', reason: { cause: { errcode: 13 } } })
    expect((write as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailableError)
  }
  expect((await store.load()).matches).toEqual([
    { matchId: 'a', epoch: 1, seq: 1, snapshot: commitOf('a', 0).snapshot },
  ])
  expect(await store.history(playerId('ann'), 1)).toEqual([])
  expect(await store.lastBeat()).toBeNull()
  expect(await store.commit(commitOf('a', 1))).toBe(true)
  expect(errors).toEqual([])
})

test('writes succeed again once the disk has room', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory, { maxPages: 40 })
  expect(await store.commit(heavy('a', 0))).toBe(true)
  expect(await store.commit(heavy('b', 0))).toBe(true)
  await expect(store.commit(heavy('c', 0))).rejects.toThrow(StoreUnavailableError)
  await store.remove('a' as MatchId)
  expect(await store.commit(heavy('c', 0))).toBe(true)
  await store.close()
  const { store: again, errors } = await openStore(directory)
  expect((await again.load()).matches.map(({ matchId }) => matchId)).toEqual(['b', 'c'])
  expect(errors).toEqual([])
})

const COMMITTING = `
  import { openSqliteStores } from '${new URL('../../src/stores/sqlite/stores.ts', import.meta.url).href}'
  const { store } = await openSqliteStores({ directory: process.argv[1], log: console })
  for (let after = 0; after < 1_000; after += 1) {
    const line = { matchId: 'a', epoch: 1, seq: after + 1, at: 0, type: 'player.back', seat: 0 }
    await store.commit({ matchId: 'a', epoch: 1, after, snapshot: {}, lines: [line] })
  }
  console.log((await store.tail('a', 0)).length)
`

test('a write-ahead log that cannot grow starts over, and no write fails', async () => {
  // `ulimit` keeps files below 1 or 2 MB, by the shell's unit; by itself the log would start over at 4 MB.
  const limited = ['-c', 'ulimit -f 2000 && exec "$0" "$@"', process.execPath]
  const { stdout } = await promisify(execFile)('sh', [
    ...limited,
    '--input-type=module',
    '--eval',
    COMMITTING,
    freshDirectory(),
  ])
  expect(stdout).toBe('1000\n')
})
