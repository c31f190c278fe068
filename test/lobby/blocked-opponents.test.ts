import { expect, test } from 'vitest'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const ok = { ok: true }
const LATE = [{ id: 'open', players: { min: 2, max: 4 }, countdownMs: 0, lateJoin: true, matchmaking: { fillMs: 0 } }]

async function queues(...players: Player[]): Promise<void> {
  for (const player of players) expect(await player.asks('queue:join', { mode: 'duel' })).toMatchObject(ok)
}

async function blocks(by: Player, other: Player, blocked = true): Promise<void> {
  expect(await by.asks('player:block', { playerId: other.id, blocked })).toEqual(ok)
}

/** Two players of a match that goes on and has room for others. */
async function playingOpenly(world: World): Promise<[Player, Player]> {
  const group = await world.players('ann', 'bob')
  const matchId = await world.queue(group)
  for (const player of group) expect(await player.joins(matchId)).toMatchObject(ok)
  return group
}

test('[QU18] players of whom one blocks the other are not matched, until they are let be', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  await blocks(bob, ann)
  await queues(ann, bob)
  await world.clock.advance(600_000)
  expect(await ann.heardSoFar('match:found')).toEqual([])
  expect((await bob.asks('queue:explain')).blockedBy).toEqual({ block: 1 })
  await blocks(bob, ann, false)
  await world.clock.advance(1_000)
  expect(await ann.hears('match:found')).toBeDefined()
})

test('[QU18] a block counts from its reply on, also for tickets that search already', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  await queues(ann, bob)
  await blocks(ann, bob)
  await world.clock.advance(600_000)
  expect(await bob.heardSoFar('match:found')).toEqual([])
  expect(world.census().tickets).toBe(2)
  const cid = await world.player('cid')
  await queues(cid)
  await world.clock.advance(1_000)
  expect(await ann.hears('match:found')).toBeDefined()
})

test('[QU18] a player does not join a match late that has players they block or who block them', async () => {
  const world = await startWorld({ modes: LATE })
  const [ann, bob] = await playingOpenly(world)
  const [cid, dee] = await world.players('cid', 'dee')
  await blocks(ann, cid)
  await blocks(dee, bob)
  for (const player of [cid, dee]) expect(await player.asks('queue:join', { mode: 'open' })).toMatchObject(ok)
  await world.clock.advance(1_000)
  const [found] = [await cid.hears('match:found'), await dee.hears('match:found')]
  expect(found.matchId).not.toBe(world.offers(ann).matchId)
})
