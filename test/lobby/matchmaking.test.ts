import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const duel = { id: 'duel', teams: { count: 2, size: 1 } }

async function queued(world: World, name: string, wishes: object = {}): Promise<Player> {
  const player = await world.player(name)
  expect(await player.asks('queue:join', { mode: 'duel', ...wishes })).toMatchObject({ ok: true })
  return player
}
const isFound = async (player: Player): Promise<boolean> => (await player.heardSoFar('match:found')).length > 0

test('[QU3] a team game starts short-handed, with equal teams, where the mode allows it', async () => {
  const world = await startWorld({
    modes: [{ id: 'duel', teams: { count: 2, size: 3, minSize: 1 }, matchmaking: { fillMs: 10_000 } }],
  })
  const group = await Promise.all(['ann', 'bob', 'cat', 'dan', 'eve'].map((name) => queued(world, name)))
  await world.clock.advance(9_999)
  expect(await isFound(group[0] as Player)).toBe(false)
  await world.clock.advance(1)
  const seats = await Promise.all(group.slice(0, 4).map((player) => player.hears('match:found')))
  expect(seats.map(({ team }) => team).sort()).toEqual([0, 0, 1, 1])
  expect(await isFound(group[4] as Player)).toBe(false)
})

test('[QU10] [QU11] attributes that differ keep players apart for good, and the reason is named', async () => {
  const world = await startWorld({ modes: [{ ...duel, matchmaking: { attributes: { map: 'same' } } }] })
  const ann = await queued(world, 'ann', { attributes: { map: 'desert', age: 30 } })
  const bob = await queued(world, 'bob', { attributes: { map: 'forest', age: 30 } })
  await world.clock.advance(300_000)
  expect(await isFound(ann)).toBe(false)
  expect(await ann.asks('queue:explain')).toMatchObject({
    waitedMs: 300_000,
    window: { points: null },
    searching: 2,
    blockedBy: { attributes: 1 },
  })
  const cat = await queued(world, 'cat', { attributes: { map: 'forest', age: 60 } })
  await world.clock.advance(0)
  expect(await bob.hears('match:found')).toMatchObject({ seat: 0 })
  expect(await cat.hears('match:found')).toMatchObject({ seat: 1 })
})

test('[QU10] [QU70] an attribute that the mode does not name separates no tickets, and is not stored', async () => {
  const records = openMemoryRecordStore()
  const matchmaking = { attributes: { map: 'same' as const } }
  const world = await startWorld({ modes: [{ ...duel, matchmaking }], regions: ['eu'], records })
  const attributes = { map: 'moor', mine: 17, own: 'x', toString: 'y' }
  const ann = await queued(world, 'ann', { attributes, latencies: { eu: 20, mars: 5 }, roles: ['healer'] })
  const wishes = (await records.load('ticket')).map(({ value }) => (value as { wishes: object }).wishes)
  expect(wishes).toEqual([{ attributes: { map: 'moor' }, latencies: { eu: 20 } }])
  const bob = await queued(world, 'bob', { attributes: { map: 'moor', mine: 18 } })
  await world.clock.advance(0)
  for (const player of [ann, bob]) expect(await player.hears('match:found')).toMatchObject({ mode: 'duel' })
})

test.each([
  { attributes: { level: 2 ** 53 } },
  { attributes: { level: -(2 ** 53) } },
  { attributes: { level: 'x'.repeat(65) } },
  { attributes: { level: [1] } },
  { latencies: { eu: 60_001 } },
  { roles: Array.from({ length: 17 }, (_, n) => `${n}`) },
])('[QU70] %j is out of bounds', async (wish) => {
  const world = await startWorld({ modes: [duel] })
  const ann = await world.player('ann')
  const reply = await ann.asks('queue:join', { mode: 'duel', ...wish })
  expect(reply).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
})

test('[QU70] roles that the mode does not have are refused by name', async () => {
  const matchmaking = { roles: { tank: 1, healer: 1 } }
  const world = await startWorld({ modes: [{ id: 'pairs', teams: { count: 2, size: 2 }, matchmaking }] })
  const ann = await world.player('ann')
  const reply = await ann.asks('queue:join', { mode: 'pairs', roles: ['heeler'] })
  expect(reply).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(reply.error.message).toContain('tank, healer')
  expect(await ann.asks('queue:join', { mode: 'pairs', roles: ['healer', 'x', 'healer'] })).toMatchObject({ ok: true })
})

test('[QU10] a mode says how far numbers may be apart, and what does not matter', async () => {
  const attributes = { age: { within: 5 }, map: 'any' as const }
  const world = await startWorld({ modes: [{ ...duel, matchmaking: { attributes } }] })
  const ann = await queued(world, 'ann', { attributes: { age: 30, map: 'desert' } })
  const bob = await queued(world, 'bob', { attributes: { age: 36, map: 'desert' } })
  await world.clock.advance(300_000)
  expect(await isFound(ann)).toBe(false)
  const cat = await queued(world, 'cat', { attributes: { age: 33, map: 'forest' } })
  await world.clock.advance(0)
  expect(await ann.hears('match:found')).toMatchObject({ seat: 0 })
  expect([await isFound(bob), await isFound(cat)]).toEqual([false, true])
})

test('[QU10] [QU11] no match is in a region that is too far for a player', async () => {
  const world = await startWorld({ modes: [duel], regions: ['eu', 'us', 'asia'] })
  const ann = await queued(world, 'ann', { latencies: { eu: 20, us: 90 } })
  const bob = await queued(world, 'bob', { latencies: { asia: 15, us: 200 } })
  await world.clock.advance(200_000)
  expect(await isFound(ann)).toBe(false)
  expect((await bob.asks('queue:explain')).blockedBy).toEqual({ region: 1 })
  const cat = await queued(world, 'cat', { latencies: { us: 30, asia: 120 } })
  await world.clock.advance(200_000)
  expect([await isFound(ann), await isFound(bob), await isFound(cat)].filter(Boolean)).toHaveLength(2)
})

test('[QU10] [QU11] each team gets the roles that the mode wants', async () => {
  const matchmaking = { roles: { tank: 1, healer: 1 } }
  const world = await startWorld({ modes: [{ id: 'duel', teams: { count: 2, size: 2 }, matchmaking }] })
  const tanks = await Promise.all(['ann', 'bob'].map((name) => queued(world, name, { roles: ['tank'] })))
  const idle = await Promise.all(['cat', 'dan'].map((name) => queued(world, name, { roles: ['tank', 'scout'] })))
  await world.clock.advance(300_000)
  expect(await isFound(tanks[0] as Player)).toBe(false)
  expect((await (tanks[0] as Player).asks('queue:explain')).blockedBy).toEqual({ roles: 3 })
  const healers = await Promise.all(['eve', 'fay'].map((name) => queued(world, name, { roles: ['healer'] })))
  await world.clock.advance(5_000)
  const found = await Promise.all([...tanks, ...idle, ...healers].map(isFound))
  expect(found.filter(Boolean)).toHaveLength(4)
  expect(found.slice(4)).toEqual([true, true])
})

test('[QU11] a lone player learns that no other ticket blocks the match', async () => {
  const world = await startWorld({ modes: [duel] })
  const ann = await world.player('ann')
  expect(await ann.asks('queue:explain')).toMatchObject({ error: { code: 'NOT_QUEUED' } })
  await ann.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(2_000)
  expect(await ann.asks('queue:explain')).toMatchObject({ waitedMs: 2_000, searching: 1, blockedBy: {} })
})

test('[QU12] the penalty of repeated declines grows, and ends with time', async () => {
  const world = await startWorld({ modes: [{ ...duel, readyCheckMs: 10_000 }] })
  const ann = await queued(world, 'ann')
  const bob = await world.player('bob')
  const waits: number[] = []
  for (let n = 0; n < 4; n += 1) {
    expect(await bob.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
    await world.clock.advance(2_000)
    await bob.asks('match:decline', { matchId: (await bob.hears('match:proposed')).matchId })
    const { error } = await bob.asks('queue:join', { mode: 'duel' })
    expect(error).toMatchObject({ code: 'QUEUE_PENALTY', retryable: true })
    waits.push(error.retryAfterMs)
    await world.clock.advance(error.retryAfterMs)
  }
  expect(waits[0]).toBe(5_000)
  for (const [n, wait] of waits.entries()) if (n > 0) expect(wait).toBeGreaterThan(2 * (waits[n - 1] ?? 0))
  await world.clock.advance(3_600_000)
  expect(await bob.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  await world.clock.advance(2_000)
  await bob.hears('match:proposed')
  await bob.asks('queue:leave')
  expect((await bob.asks('queue:join', { mode: 'duel' })).error.retryAfterMs).toBeLessThan(7_000)
  expect((await ann.heardSoFar('queue:ended')).length).toBe(0)
})

test('[QU12] a player who misses a match gets a penalty, and the player who waited there does not', async () => {
  const world = await startWorld({ modes: [duel] })
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group)
  await group[0].joins(matchId)
  await world.clock.advance(15_000)
  expect(await group[0].hears('match:cancelled')).toMatchObject({ reason: 'noShow', requeued: true })
  expect(await group[1].asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'QUEUE_PENALTY' } })
})

test('[QU13] players who just met wait a while for somebody else', async () => {
  const world = await startWorld({ modes: [{ ...duel, countdownMs: 0, matchmaking: { avoidRecentMs: 20_000 } }] })
  const { group, matchId } = await world.playing('ann', 'bob')
  for (const player of group) await player.asks('match:leave')
  expect(matchId).toBeTruthy()
  for (const player of group) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(19_999)
  expect(await isFound(group[0])).toBe(false)
  await world.clock.advance(1)
  expect(await isFound(group[0])).toBe(true)
})

test('[QU14] a ticket outlives the process with its age, and ends if its player does not come back', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const first = await startWorld({ modes: [duel], ...kept })
  const ann = await queued(first, 'ann')
  const { ticket } = (await first.again(ann)).session.resumed
  await first.clock.advance(7_000)
  await first.server.close()
  const second = await startWorld({ modes: [duel], ...kept, now: first.clock.now() + 5_000 })
  expect(second.census().tickets).toBe(1)
  const back = await second.again(ann)
  expect(back.session.resumed.ticket).toMatchObject({ id: ticket.id, queuedAt: ticket.queuedAt })
  expect(await back.asks('queue:explain')).toMatchObject({ waitedMs: 7_000 })
  const bob = await queued(second, 'bob')
  await second.clock.advance(0)
  expect(await back.hears('match:found')).toMatchObject({ seat: 0 })
  const { matchId } = await bob.hears('queue:ended')
  for (const player of [back, bob]) await player.joins(matchId)
  await second.clock.advance(3_000)
  expect(await kept.records.load('ticket')).toEqual([])
})

test('[QU14] tickets of players who do not come back after a restart expire', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const first = await startWorld({ modes: [duel], ...kept })
  await queued(first, 'ann')
  await first.server.close()
  const second = await startWorld({ modes: [duel], ...kept, now: first.clock.now() })
  await second.clock.advance(29_999)
  expect(second.census().tickets).toBe(1)
  await second.clock.advance(1)
  expect(second.census().tickets).toBe(0)
  expect(await kept.records.load('ticket')).toEqual([])
})

test('[QU15] the life of a ticket is a line in the queue log', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-queue-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'queue.log')
  const world = await startWorld({ modes: [duel], env: { QUEUE_LOG: path } })
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group)
  const cat = await queued(world, 'cat')
  await cat.asks('queue:leave')
  await world.close()
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { mode: 'duel', reason: 'matched', matchId, gap: 0, players: [{ mu: 1_500 }] },
    { mode: 'duel', reason: 'matched', matchId },
    { mode: 'duel', reason: 'cancelled' },
  ])
  for (const player of [...group, cat]) expect(readFileSync(path, 'utf8')).not.toContain(player.id)
})

test('[QU16] a ticket that cannot be stored is none', async () => {
  const memory = openMemoryRecordStore()
  const records = { ...memory }
  const world = await startWorld({ modes: [duel], records })
  records.write = () => Promise.reject(new Error('the disk is full'))
  const ann = await world.player('ann')
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(world.census().tickets).toBe(0)
  records.write = memory.write
  // With the next sign of life that is stored, the store counts as back.
  await world.clock.advance(1_000)
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[QU11] a player out of reach of every region is counted by the others, with the region as the reason', async () => {
  const world = await startWorld({ modes: [duel], regions: ['eu'] })
  const ann = await queued(world, 'ann', { latencies: { mars: 5 } })
  const bob = await queued(world, 'bob')
  expect((await ann.asks('queue:explain')).blockedBy).toEqual({ region: 1 })
  expect((await bob.asks('queue:explain')).blockedBy).toEqual({ region: 1 })
})

test('[QU3] two newcomers are matched again at once, though their first result set them apart', async () => {
  const world = await startWorld({ modes: [{ ...duel, rated: true, countdownMs: 0 }] })
  const { group, matchId } = await world.playing('ann', 'bob')
  for (const player of group) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  const final = await group[0].hears('match:event', ({ type }) => type === 'result.final')
  expect(final.ratings[0].after - final.ratings[1].after).toBeGreaterThan(200)
  expect(await world.queue(group)).not.toBe(matchId)
})
