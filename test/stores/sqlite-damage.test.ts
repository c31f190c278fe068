import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { MatchId } from '../../src/protocol/ids.ts'
import { playerId } from '../support/openings.ts'
import { commitOf, freshDirectory, inDatabase, openStore, play, resultOf } from './sqlite-support.ts'

const SAYS = { snapshot: 'its snapshot is not as it was written', gone: 'its snapshot is missing' }

test.each([
  ["UPDATE matches SET snapshot = replace(snapshot, 'bob', 'bub') WHERE match_id = 'a'", SAYS.snapshot],
  ["UPDATE matches SET epoch = 2 WHERE match_id = 'a'", SAYS.snapshot],
  ["UPDATE matches SET seq = 2 WHERE match_id = 'a'", SAYS.snapshot],
  ["UPDATE matches SET seal = 4611686018427387904 WHERE match_id = 'a'", SAYS.snapshot],
  ["DELETE FROM matches WHERE match_id = 'a'", SAYS.gone],
  ["DELETE FROM lines WHERE match_id = 'a' AND seq = 2", 'line 2 of its log is missing'],
  ["DELETE FROM lines WHERE match_id = 'a' AND seq = 3", 'line 3 of its log is missing'],
  ['INSERT INTO lines SELECT match_id, 4, line, seal FROM lines WHERE seq = 3', 'its log goes beyond line 3'],
  ["UPDATE lines SET line = replace(line, 'back', 'left') WHERE seq = 2", 'line 2 of its log is not as it was written'],
])('a damaged match is set aside, and the others are loaded: %s', async (meddle, why) => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  await play(store, 'a', 3)
  await play(store, 'b', 1)
  await store.close()
  inDatabase(directory, (database) => database.exec(meddle))
  const { store: again, errors } = await openStore(directory)
  expect(await again.load()).toEqual({
    matches: [{ matchId: 'b', epoch: 1, seq: 1, snapshot: commitOf('b', 0).snapshot }],
    damaged: [{ matchId: 'a', why }],
  })
  expect((await again.load()).damaged).toEqual([])
  expect(await again.commit(commitOf('a', 3))).toBe(false)
  expect(await again.commit(commitOf('a', 0))).toBe(true)
  expect(await again.commit(commitOf('b', 1))).toBe(true)
  await again.close()
  expect(errors).toEqual([])
  const [kept] = inDatabase(directory, (database) => database.prepare('SELECT * FROM damaged').all())
  expect(kept).toMatchObject({ match_id: 'a', why, lines: expect.stringContaining('"type":"player.back"') })
})

test('a match with a damaged id is set aside with its log, under both ids', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  await play(store, 'a', 1)
  await store.close()
  inDatabase(directory, (database) => database.exec("UPDATE matches SET match_id = CAST(x'ff61' AS TEXT)"))
  const { store: again } = await openStore(directory)
  expect((await again.load()).damaged.map(({ why }) => why)).toEqual([SAYS.snapshot, SAYS.gone])
  expect(await again.load()).toEqual({ matches: [], damaged: [] })
})

test('a damaged log is not served', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  await play(store, 'a', 3)
  await store.close()
  inDatabase(directory, (database) => database.exec("UPDATE lines SET line = '{}' WHERE seq = 2"))
  const { store: again, errors } = await openStore(directory)
  expect(await again.tail('a' as MatchId, 0)).toBeNull()
  expect(await again.tail('a' as MatchId, 2)).toHaveLength(1)
  expect(errors).toEqual([{ match: 'a', since: 0, phrase: 'log of a match was found damaged' }])
})

test('a damaged result is left out, and so is one of other players', async () => {
  const directory = freshDirectory()
  const { store } = await openStore(directory)
  for (const id of ['a', 'b', 'c']) await store.commit({ ...commitOf(id, 0), result: resultOf(id) })
  await store.beat(4)
  await store.close()
  inDatabase(directory, (database) =>
    database.exec(`
      UPDATE results SET result = '{}' WHERE match_id = 'b';
      UPDATE played SET player_id = 'eve' WHERE player_id = 'bob' AND result_id = 1;
      UPDATE meta SET value = 5 WHERE name = 'beat';
    `),
  )
  const { store: again } = await openStore(directory)
  const played = async (name: string) => (await again.history(playerId(name), 9)).map(({ matchId }) => matchId)
  expect([await played('ann'), await played('bob'), await played('eve')]).toEqual([['c', 'a'], ['c'], []])
  expect(await again.lastBeat()).toBeNull()
})

/** Twenty matches of ten lines, in a closed database, or in one as a killed process leaves it. */
async function playedFiles({ isClosed }: { isClosed: boolean }): Promise<string> {
  const [directory, copy] = [freshDirectory(), freshDirectory()]
  const { store } = await openStore(directory)
  for (let after = 0; after < 10; after += 1)
    for (let m = 0; m < 20; m += 1) await store.commit(commitOf(`m${m}`, after))
  await store.commit({ ...commitOf('over', 0), result: resultOf('over') })
  await store.remove('over' as MatchId)
  if (isClosed) await store.close()
  cpSync(directory, copy, { recursive: true })
  return copy
}

/** Opens the damaged stores, and checks that every match is as it was or reported as damaged. */
async function expectNoSilentLoss(directory: string, about: string): Promise<void> {
  const { store, errors } = await openStore(directory)
  const { matches, damaged } = await store.load()
  for (const { matchId, seq, snapshot } of matches) {
    if (matchId === 'over') continue
    expect(snapshot, about).toEqual(commitOf(matchId, seq - 1).snapshot)
    expect((await store.tail(matchId, 0))?.length, about).toBe(seq)
  }
  for (const result of await store.history(playerId('ann'), 9)) expect(result, about).toEqual(resultOf('over'))
  const intact = new Set<string>(matches.filter(({ seq }) => seq === 10).map(({ matchId }) => matchId))
  const reported = new Set<string>(damaged.map(({ matchId }) => matchId))
  const missing = Array.from({ length: 20 }, (_, m) => `m${m}`).filter((id) => !intact.has(id) && !reported.has(id))
  const kept = errors
    .map((error) => error.kept ?? '')
    .filter((file) => readdirSync(directory).includes(file.slice(directory.length + 1)))
  if (missing.length > 0) expect(kept, about).not.toEqual([])
  expect((await store.load()).damaged, about).toEqual([])
  await store.close()
  const again = await openStore(directory)
  expect(again.errors, about).toEqual([])
  expect((await again.store.load()).matches, about).toEqual(matches)
  await again.store.close()
}

/** A seeded generator of numbers between 0 and 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const SEED = 20_260_101

test.each([
  { file: 'muster.db', isClosed: true, rounds: 150 },
  { file: 'muster.db-wal', isClosed: false, rounds: 100 },
  { file: 'muster.turns', isClosed: false, rounds: 10 },
])(
  'for any flipped byte of $file, every match comes back right or its loss is reported',
  async ({ file, isClosed, rounds }) => {
    const played = await playedFiles({ isClosed })
    const random = seeded(SEED)
    const { size } = statSync(join(played, file))
    for (let round = 0; round < rounds; round += 1) {
      const directory = freshDirectory()
      cpSync(played, directory, { recursive: true })
      const bytes = readFileSync(join(directory, file))
      // Every third byte is in the first page, which has the file's header.
      const at = Math.floor(random() * (round % 3 === 0 ? Math.min(size, 4_096) : size))
      bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255))
      writeFileSync(join(directory, file), bytes)
      await expectNoSilentLoss(directory, `seed ${SEED}, round ${round}: byte ${at} of ${file} is ${bytes[at]}`)
      rmSync(directory, { recursive: true })
    }
  },
)

test.each([
  { file: 'muster.db', isClosed: true },
  { file: 'muster.db-wal', isClosed: false },
])('wherever $file is cut off, every match comes back right or its loss is reported', async ({ file, isClosed }) => {
  const played = await playedFiles({ isClosed })
  const random = seeded(SEED)
  const { size } = statSync(join(played, file))
  for (const share of [0, 0.001, 0.999, ...Array.from({ length: 30 }, random)]) {
    const directory = freshDirectory()
    cpSync(played, directory, { recursive: true })
    const length = Math.floor(share * size)
    truncateSync(join(directory, file), length)
    await expectNoSilentLoss(directory, `seed ${SEED}: ${file} is cut off at ${length} of ${size}`)
    rmSync(directory, { recursive: true })
  }
})

test.each([
  ['is lost', (page: Buffer) => page.fill(0xaa)],
  ['says that pages have another size', (page: Buffer) => page.writeUInt16BE(8_192, 16)],
  ['says that a part of each page is reserved', (page: Buffer) => page.writeUInt8(32, 20)],
  ['says that a page in use is free', (page: Buffer) => page.writeUInt32BE(3, page.writeUInt32BE(4, 32))],
])('when the first page %s, every match is still found', async (_, damage) => {
  const directory = await playedFiles({ isClosed: true })
  const bytes = readFileSync(join(directory, 'muster.db'))
  damage(bytes.subarray(0, 4_096))
  writeFileSync(join(directory, 'muster.db'), bytes)
  const { store, errors } = await openStore(directory)
  expect((await store.load()).matches).toHaveLength(20)
  expect(await store.history(playerId('ann'), 9)).toEqual([resultOf('over')])
  expect(errors).toHaveLength(1)
  expect(readFileSync(errors[0]?.kept ?? '')).toEqual(bytes)
})

test.each(['matches', 'lines'])('a lost page of %s loses only the matches that were on it', async (table) => {
  const directory = await playedFiles({ isClosed: true })
  const pages = inDatabase(directory, (database) =>
    database.prepare("SELECT pageno, ncell FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path").all(table),
  )
  const bytes = readFileSync(join(directory, 'muster.db'))
  const { pageno, ncell } = pages[1] ?? {}
  writeFileSync(join(directory, 'muster.db'), bytes.fill(0xaa, (Number(pageno) - 1) * 4_096, Number(pageno) * 4_096))
  const { store } = await openStore(directory)
  const { matches, damaged } = await store.load()
  expect(matches.length + damaged.length).toBe(20)
  // Each match has ten lines; the first and the last match of the page may be there in part.
  expect(damaged.length).toBeLessThanOrEqual(table === 'matches' ? Number(ncell) : Number(ncell) / 10 + 2)
  expect(damaged).not.toEqual([])
})

test('a file that is not a database is kept aside, and a new database is created', async () => {
  const directory = freshDirectory()
  writeFileSync(join(directory, 'muster.db'), 'a shopping list'.repeat(1_000))
  const { store, errors } = await openStore(directory)
  expect(await store.load()).toEqual({ matches: [], damaged: [] })
  expect(await store.commit(commitOf('a', 0))).toBe(true)
  expect(errors).toHaveLength(1)
  expect(readFileSync(join(directory, 'muster.db.damaged-1'), 'utf8')).toMatch(/^a shopping list/)
})

test('a write-ahead log without its database is kept aside, and not read into the new one', async () => {
  const directory = await playedFiles({ isClosed: false })
  rmSync(join(directory, 'muster.db'))
  const { store, errors } = await openStore(directory)
  expect(await store.load()).toEqual({ matches: [], damaged: [] })
  expect(errors).toMatchObject([{ phrase: 'the last transactions were lost', lost: 202 }])
  expect(statSync(join(directory, 'muster.db.damaged-1-wal')).size).toBeGreaterThan(0)
})
