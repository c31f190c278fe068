import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import type { Rating } from '../../src/match/match-store.ts'
import { NEWCOMER } from '../../src/match/results/ratings.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { deciding, placed } from '../contracts/match-ratings.ts'
import { freshDirectory } from '../stores/sqlite-support.ts'
import type { Player } from '../support/player.ts'
import { startWorld } from '../support/world.ts'

const SECRET = 'the secret of the game backend'
const tokenOf = (claims: object) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(4_000_000_000)
    .sign(new TextEncoder().encode(SECRET))

const annWon = { placements: [[0], [1]] }
async function finish(group: Player[], result: object): Promise<void> {
  for (const player of group) expect(await player.asks('match:finish', { result })).toMatchObject({ ok: true })
}

test('[RA6] a leaderboard comes in pages, each player once, ranks counted on', async () => {
  const world = await startWorld()
  const { store } = world.server
  const names = Array.from({ length: 120 }, (_, n) => `p${String(n).padStart(3, '0')}`)
  // Three of each strength.
  for (const [n, name] of names.entries()) await placed(store, name, 2_000 - Math.floor(n / 3))
  const ann = await world.player('ann')
  const seen: { rank: number; playerId: string }[] = []
  const sizes: number[] = []
  let cursor: string | undefined
  do {
    const page = await ann.asks('leaderboard:get', { mode: 'duel', ...(cursor && { cursor }) })
    sizes.push(page.entries.length)
    seen.push(...page.entries)
    cursor = page.cursor
    // Who moves to the top while somebody turns the pages pushes nobody off them.
    if (sizes.length === 1) await placed(store, 'zoe', 3_000)
  } while (cursor)
  expect(sizes).toEqual([50, 50, 20])
  expect(seen.map(({ playerId }) => playerId)).toEqual(names)
  expect(seen.map(({ rank }) => rank)).toEqual(names.map((_, n) => n + 1))
  expect(seen[0]).toEqual({ rank: 1, playerId: 'p000', name: 'p000', rating: 2_000, points: 1_700, matches: 5 })
})

test('[RA6] fifty players are one page, and no more is promised', async () => {
  const world = await startWorld()
  for (let n = 0; n < 50; n += 1) await placed(world.server.store, `p${n}`, 2_000 - n)
  const page = await (await world.player('ann')).asks('leaderboard:get', { mode: 'duel' })
  expect(page.entries).toHaveLength(50)
  expect(page).not.toHaveProperty('cursor')
})

test('[RA6] a mode that is not there has no leaderboard, and a cursor is one of ours', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  expect(await ann.asks('leaderboard:get', { mode: 'chess' })).toMatchObject({ error: { code: 'UNKNOWN_MODE' } })
  expect(await ann.asks('leaderboard:get', { mode: 'party' })).toEqual({ ok: true, entries: [] })
  for (const cursor of ['', 'x', '5', '5.5', '5.5.', '1e9.1.a', '99999999999.1.a', 5, null, 'x'.repeat(300)]) {
    expect(await ann.asks('leaderboard:get', { mode: 'duel', cursor }), String(cursor)).toMatchObject({
      error: { code: 'BAD_REQUEST' },
    })
  }
})

test('[RA6] [RA7] [RA20] a player comes onto the leaderboard with the fifth rated match', async () => {
  const world = await startWorld({ mode: { countdownMs: 0, rematchMs: 60_000, ratedPerPairPerDay: 0 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  for (let played = 1; played <= 5; played += 1) {
    const { entries } = await ann.asks('leaderboard:get', { mode: 'duel' })
    expect(entries).toEqual([])
    await finish(group, annWon)
    const { ratings } = await bob.asks('player:get', { playerId: ann.id })
    expect(ratings[0]).toMatchObject({ mode: 'duel', matches: played, placementLeft: 5 - played })
    if (played === 5) break
    for (const player of group) await player.asks('match:rematch', { accept: true })
    const { matchId } = await ann.hears('match:event', ({ type }) => type === 'rematch.agreed')
    for (const player of group) await player.joins(matchId)
    for (const player of group) player.forgets()
  }
  const { entries } = await ann.asks('leaderboard:get', { mode: 'duel' })
  expect(entries).toMatchObject([
    { rank: 1, playerId: ann.id, name: 'ann', matches: 5 },
    { rank: 2, playerId: bob.id, name: 'bob', matches: 5 },
  ])
  const { ratings } = await bob.asks('player:get', { playerId: ann.id })
  expect(ratings[0]).toMatchObject({ rating: entries[0].rating, points: entries[0].points, placementLeft: 0 })
})

test('[RA7] a player’s last matches come newest first, no more than twenty', async () => {
  const world = await startWorld({ env: { DATA_DIR: freshDirectory() } })
  const at = (mu: number): Rating => ({ mu, sigma: 100 })
  for (let n = 0; n < 25; n += 1) {
    const before = n === 0 ? NEWCOMER : at(n)
    await world.server.store.commit(deciding(`m${n}`, { old: [before, at(n + 1)] }))
  }
  const ann = await world.player('ann')
  const { name, matches } = await ann.asks('player:get', { playerId: 'old' })
  expect(name).toBe('old')
  expect(matches.map(({ matchId }: { matchId: string }) => matchId)).toEqual(
    Array.from({ length: 20 }, (_, n) => `m${24 - n}`),
  )
  expect(matches[0]).toEqual({
    matchId: 'm24',
    mode: 'duel',
    endedAt: 5,
    outcome: 'completed',
    placements: [[0]],
    players: [{ playerId: 'old', name: 'old', seat: 0, team: 0 }],
    ratings: [{ seat: 0, before: 24, after: 25 }],
  })
})

test('[RA7] a connected newcomer has a name and first ratings; an unknown player has no profile', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const bob = await world.player('bob')
  expect(await ann.asks('player:get', { playerId: bob.id })).toEqual({
    ok: true,
    playerId: bob.id,
    name: 'bob',
    ratings: ['duel', 'squad'].map((mode) => ({ mode, rating: 1_500, points: 0, matches: 0, placementLeft: 5 })),
    matches: [],
  })
  for (const playerId of ['nobody', '__proto__', `player:${bob.id}`, bob.lobby.id])
    expect(await ann.asks('player:get', { playerId }), playerId).toMatchObject({ error: { code: 'NOT_FOUND' } })
  const { id } = bob
  bob.leaves()
  await world.until(() => world.census().players === 1)
  expect(await ann.asks('player:get', { playerId: id })).toMatchObject({ error: { code: 'NOT_FOUND' } })
})

test('[RA5] a newcomer’s first match begins where the backend says, and no later word counts', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 }, env: { JWT_SECRET: SECRET } })
  const ann = await world.stranger({ token: await tokenOf({ sub: 'ann', rating: 1_510 }) }).arrive()
  const bob = await world.player('bob')
  const group = [ann, bob]
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  const { seat } = world.offers(ann)
  await finish(group, { placements: [[seat], [1 - seat]] })
  const { ratings } = await ann.hears('match:event', ({ type }) => type === 'result.final')
  const mine = ratings.find((one: { seat: number }) => one.seat === seat)
  expect(mine.before).toBe(1_510)
  expect(ratings.find((one: { seat: number }) => one.seat !== seat).before).toBe(1_500)
  const again = await world.stranger({ token: await tokenOf({ sub: 'ann', rating: 4_000 }) }).arrive()
  expect((await again.asks('player:get', { playerId: 'ann' })).ratings[0]).toMatchObject({ rating: mine.after })
})

test('[RA7] a profile is UNAVAILABLE while the records cannot be read', async () => {
  const away = () => Promise.reject(new Error('away'))
  const world = await startWorld({ store: { ...openMemoryMatchStore(), leaderboard: away, player: away } })
  const ann = await world.player('ann')
  expect(await ann.asks('leaderboard:get', { mode: 'duel' })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(await ann.asks('player:get', { playerId: ann.id as PlayerId })).toMatchObject({
    error: { code: 'UNAVAILABLE' },
  })
})
