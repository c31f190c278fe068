import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RecordStore } from '../../src/lobby/record-store.ts'
import type { MatchStore } from '../../src/match/match-store.ts'
import { NEWCOMER } from '../../src/match/results/ratings.ts'
import { withRatings } from '../../src/match/results/result.ts'
import type { MatchId } from '../../src/protocol/ids.ts'
import { StoreUnavailableError } from '../../src/stores/sqlite/errors.ts'
import { deciding, placed } from '../contracts/match-ratings.ts'
import { openedMatch, playerId } from '../support/openings.ts'
import { commitOf, freshDirectory, openStore, resultOf } from './sqlite-support.ts'

interface Stores {
  store: MatchStore
  records: RecordStore
}
const ann = playerId('ann')
const eve = playerId('eve')
const better = { mu: 1_600, sigma: 100 }
const id = (name: string) => name as MatchId
const ticket = { kind: 'ticket', id: 't', value: 1 } as const

async function opened({ maxPages = 0 } = {}) {
  const directory = freshDirectory()
  const { store, records } = await openStore(directory, { maxPages })
  /** The number of transactions so far, from the count beside the database. */
  const transactions = () => Number(readFileSync(join(directory, 'muster.turns'), 'utf8').slice(0, 16))
  return { store, records, transactions }
}

const READS: [what: string, read: (stores: Stores) => Promise<unknown>, found: unknown][] = [
  ['the log of another match', ({ store }) => store.tail(id('b'), 0), commitOf('b', 0).lines],
  ['the history of others', ({ store }) => store.history(eve, 9), []],
  ['ratings of others', ({ store }) => store.ratings('duel', [eve]), new Map()],
  ['another player', ({ store }) => store.player(eve), null],
  ['the leaderboard of another mode', ({ store }) => store.leaderboard('squad', { limit: 9 }), []],
  ['records of another kind', ({ records }) => records.load('party'), []],
  ['the last heartbeat', ({ store }) => store.lastBeat(), 7],
]

test.each(READS)(
  '[ST60] reading %s between the writes of a turn does not split their transaction',
  async (_, read, found) => {
    const { transactions, ...stores } = await opened()
    const { store, records } = stores
    await Promise.all([store.commit(commitOf('b', 0)), store.beat(7)])
    const before = transactions()
    const writes: Promise<unknown>[] = []
    for (let after = 0; after < 5; after += 1) {
      writes.push(store.commit(commitOf('a', after)))
      writes.push(store.commit(deciding(`decided ${after}`, { [`cat ${after}`]: [NEWCOMER, better] })))
      writes.push(store.seedRating('duel', playerId('dan'), better), records.write([ticket]))
      expect(await read(stores)).toEqual(found)
      expect(transactions()).toBe(before)
    }
    await Promise.all(writes)
    expect(transactions()).toBe(before + 1)
  },
)

const result = { ...commitOf('r', 0), result: resultOf('r') }
const rated = deciding('last', { ann: [better, { mu: 1_700, sigma: 90 }] })
const OVERLAPS: [
  what: string,
  write: (of: Stores) => Promise<unknown>,
  read: (of: Stores) => Promise<unknown>,
  object,
][] = [
  ['a commit and its log', ({ store }) => store.commit(commitOf('a', 1)), ({ store }) => store.tail(id('a'), 1), [{}]],
  [
    'a commit and all matches',
    ({ store }) => store.commit(commitOf('c', 0)),
    async ({ store }) => (await store.load()).matches.filter(({ matchId }) => matchId === 'c'),
    [{ seq: 1 }],
  ],
  [
    'a result and its history',
    ({ store }) => store.commit(result),
    ({ store }) => store.history(ann, 1),
    [resultOf('r')],
  ],
  [
    'a result and who played',
    ({ store }) => store.commit(result),
    ({ store }) => store.player(playerId('bob')),
    { name: 'bob' },
  ],
  [
    'a rated result and who played',
    ({ store }) => store.commit(rated),
    ({ store }) => store.player(ann),
    { ratings: [{ mu: 1_700, matches: 6 }] },
  ],
  [
    'a rated result and the leaderboard',
    ({ store }) => store.commit(rated),
    ({ store }) => store.leaderboard('duel', { limit: 1 }),
    [{ mu: 1_700, matches: 6 }],
  ],
  [
    'a seed and who was seeded',
    ({ store }) => store.seedRating('duel', eve, better),
    ({ store }) => store.player(eve),
    { ratings: [{ mu: 1_600, matches: 0 }] },
  ],
  [
    'a heartbeat and the last one',
    async ({ store }) => store.beat(9),
    async ({ store }) => [await store.lastBeat()],
    [9],
  ],
  [
    'a record and its kind',
    ({ records }) => records.write([ticket]),
    ({ records }) => records.load('ticket'),
    [{ id: 't' }],
  ],
]

describe('[ST60] a read of waiting writes sees them and does not split their transaction', () => {
  test.each(OVERLAPS)('%s', async (_, write, read, found) => {
    const { transactions, ...stores } = await opened()
    await placed(stores.store, 'ann', better.mu)
    await stores.store.commit(commitOf('a', 0))
    const before = transactions()
    const written = write(stores)
    const reading = read(stores)
    const more = stores.store.commit(commitOf('z', 0))
    expect(await reading).toMatchObject(found)
    await Promise.all([written, more])
    expect(transactions()).toBe(before + 1)
  })

  test('a match that was removed has no log', async () => {
    const { store, transactions } = await opened()
    await store.commit(commitOf('a', 0))
    const before = transactions()
    void store.remove(id('a'))
    const reading = store.tail(id('a'), 0)
    await Promise.all([reading, store.commit(commitOf('b', 0))])
    expect(await reading).toBeNull()
    expect(transactions()).toBe(before + 1)
  })
})

test('[ST60] [RA1] a match is rated with an earlier result of the same player that is not committed yet', async () => {
  const { store, transactions } = await opened()
  const before = transactions()
  const first = store.commit(deciding('m1', { ann: [NEWCOMER, better], bob: [NEWCOMER, NEWCOMER] }))
  const second = deciding('m2', { ann: [NEWCOMER, NEWCOMER], cat: [NEWCOMER, NEWCOMER] })
  const { ratings: _, ...played } = second.result
  const { snapshot } = openedMatch('m2', ['ann', 'cat'])
  for (const seat of snapshot.context.seats) Object.assign(seat, { status: 'present' })
  const judged = await withRatings({ snapshot, facts: [] }, played, store)
  expect(judged.played.ratings).toMatchObject([
    { playerId: ann, before: better },
    { playerId: 'cat', before: NEWCOMER },
  ])
  expect(await store.commit({ ...second, result: judged.played })).toBe(true)
  expect(await first).toBe(true)
  expect((await store.ratings('duel', [ann])).get(ann)).toMatchObject({ matches: 2 })
  expect(transactions()).toBe(before + 2)
})

test('[ST60] a read that waited for a failed write sees what is stored', async () => {
  const { store } = await opened({ maxPages: 30 })
  await store.commit(commitOf('a', 0))
  const written = Promise.allSettled([
    store.commit(commitOf('a', 1)),
    store.commit({ ...commitOf('b', 0), snapshot: { ballast: 'x'.repeat(200_000) } as never }),
  ])
  expect(await store.tail(id('a'), 0)).toHaveLength(1)
  expect(await store.history(ann, 9)).toEqual([])
  for (const one of await written) expect(one).toMatchObject({ reason: expect.any(StoreUnavailableError) })
})

test('[ST60] reads before the close are answered', async () => {
  const { store } = await opened()
  void store.commit(result)
  const reading = store.history(ann, 9)
  await store.close()
  expect(await reading).toEqual([resultOf('r')])
})

test('[ST60] a read waits for the transaction that it depends on, not for later ones', async () => {
  const { store, transactions } = await opened()
  const before = transactions()
  const many = Array.from({ length: 2_500 }, (_, n) => store.commit(commitOf(`m${n}`, 0)))
  expect(await store.tail(id('m1500'), 0)).toHaveLength(1)
  expect(transactions()).toBe(before + 2)
  await Promise.all(many)
  expect(transactions()).toBe(before + 3)
})
