import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { MatchStore } from '../../src/match/match-store.ts'
import { NEWCOMER } from '../../src/match/results/ratings.ts'
import { deciding, matchRatingsContract, placed } from '../contracts/match-ratings.ts'
import { playerId } from '../support/openings.ts'
import { freshDirectory, inDatabase, openStore } from './sqlite-support.ts'

matchRatingsContract('sqlite', async () => (await openStore(freshDirectory())).store)

const ann = playerId('ann')
const bob = playerId('bob')

/** A directory with ann placed in two modes, and bob seeded. */
async function rated(): Promise<string> {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  await placed(store, 'ann', 1_700)
  await placed(store, 'ann', 1_300, 'squad')
  await store.seedRating('duel', bob, NEWCOMER)
  await store.close()
  return directory
}
const everything = async ({ store }: { store: MatchStore }) => ({
  ratings: await store.ratings('duel', [ann, bob]),
  squad: await store.ratings('squad', [ann]),
  standings: await store.leaderboard('duel', { limit: 9 }),
})

test('[RA1] ratings are there after a restart, and a repeated result changes none', async () => {
  const directory = await rated()
  const opened = await openStore(directory)
  const before = await everything(opened)
  expect(before.ratings.get(ann)).toEqual({ mu: 1_700, sigma: 100, matches: 5 })
  const again = deciding('duel ann 5', { ann: [before.ratings.get(ann) ?? NEWCOMER, { mu: 9, sigma: 9 }] })
  expect(await opened.store.commit({ ...again, epoch: 2 })).toBe(true)
  expect(await everything(opened)).toEqual(before)
  expect(opened.errors).toEqual([])
})

test.each([
  "UPDATE ratings SET rating = replace(rating, '1700', '2700') WHERE player_id = 'ann'",
  "UPDATE ratings SET points = 9000 WHERE player_id = 'ann' AND mode = 'duel'",
  "UPDATE ratings SET seal = 1 WHERE player_id = 'ann' AND mode = 'duel'",
])('[RA8] a damaged rating is rebuilt from the results: %s', async (meddle) => {
  const directory = await rated()
  inDatabase(directory, (database) => database.exec(meddle))
  const { store, errors } = await openStore(directory)
  expect(await store.leaderboard('duel', { limit: 9 })).toEqual([])
  expect(await store.leaderboard('duel', { limit: 9 })).toMatchObject([{ name: 'ann', mu: 1_700, points: 1_400 }])
  expect((await store.ratings('duel', [ann])).get(ann)).toEqual({ mu: 1_700, sigma: 100, matches: 5 })
  expect(errors).toMatchObject([{ phrase: 'rating of a player was found damaged', mode: 'duel', player: 'ann' }])
})

test('[RA8] a match that finds a damaged rating counts once, and a damaged seed is replaced', async () => {
  const directory = await rated()
  inDatabase(directory, (database) => database.exec('UPDATE ratings SET seal = 1'))
  const { store } = await openStore(directory)
  const [before, after] = [
    { mu: 1_700, sigma: 100 },
    { mu: 1_750, sigma: 90 },
  ]
  expect(await store.commit(deciding('next', { ann: [before, after] }))).toBe(true)
  expect((await store.ratings('duel', [ann, bob])).get(ann)).toEqual({ ...after, matches: 6 })
  await store.seedRating('duel', bob, before)
  expect((await store.ratings('duel', [bob])).get(bob)).toEqual({ ...before, matches: 0 })
})

test('[RA8] when the table of ratings is lost, all ratings but seeds are rebuilt from the results', async () => {
  const directory = await rated()
  const { store } = await openStore(directory)
  const before = await everything({ store })
  await store.close()
  const pages = inDatabase(directory, (database) =>
    database.prepare("SELECT pageno FROM dbstat WHERE name = 'ratings'").all(),
  )
  const path = join(directory, 'muster.db')
  const bytes = readFileSync(path)
  for (const { pageno } of pages) bytes.fill(0xaa, (Number(pageno) - 1) * 4_096, Number(pageno) * 4_096)
  writeFileSync(path, bytes)
  const opened = await openStore(directory)
  const after = await everything(opened)
  before.ratings.delete(bob)
  expect(after).toEqual(before)
  expect(opened.errors).toMatchObject([{ phrase: 'database was damaged, what could be read goes on' }])
})
