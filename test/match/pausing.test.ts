import { expect, test } from 'vitest'
import type { Player } from '../support/player.ts'
import { startWorld } from '../support/world.ts'

test('[MT21] a pause stops the clocks of play until it is over', async () => {
  const world = await startWorld({ mode: { pauseMs: 10_000, maxMs: 60_000 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const endBy = world.clock.now() + 60_000
  expect(await ann.asks('match:pause')).toEqual({ ok: true })
  expect(await bob.hears('match:event')).toMatchObject({ state: 'paused', deadline: { name: 'resumeBy' } })
  expect(await bob.asks('match:act', { type: 'x' })).toMatchObject({ error: { code: 'PAUSED', retryable: true } })
  expect(await bob.asks('match:pause')).toMatchObject({ error: { code: 'PAUSED' } })
  expect(await bob.asks('match:resume')).toMatchObject({ error: { code: 'FORBIDDEN' } })
  await world.clock.advance(4_000)
  expect(await ann.asks('match:resume')).toEqual({ ok: true })
  expect(await bob.hears('match:event')).toMatchObject({
    state: 'playing',
    deadline: { name: 'endBy', at: endBy + 4_000 },
  })
  expect(await ann.asks('match:resume')).toMatchObject({ error: { code: 'ILLEGAL_ACTION' } })
})

test('[MT21] pause time is a budget: when it is used up play goes on', async () => {
  const world = await startWorld({ mode: { pauseMs: 10_000, pauseGapMs: 0 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await ann.asks('match:pause')
  await world.clock.advance(4_000)
  await ann.asks('match:resume')
  await ann.asks('match:pause')
  await world.clock.advance(6_000)
  expect(await bob.asks('match:act', { type: 'x' })).toMatchObject({ ok: true })
  expect(await ann.asks('match:pause')).toMatchObject({ error: { code: 'FORBIDDEN' } })
  expect(await bob.asks('match:pause')).toMatchObject({ ok: true })
})

test('[MT21] a mode with no pause time has no pauses, and a pause ends with the player who asked for it', async () => {
  const world = await startWorld({ modes: [{ id: 'trio', players: { min: 2, max: 2 }, countdownMs: 0, pauseMs: 0 }] })
  const { group } = await world.playing('ann', 'bob')
  expect(await group[0].asks('match:pause')).toMatchObject({ error: { code: 'FORBIDDEN' } })
  const other = await startWorld({ mode: { endWhen: 'nobodyLeft' } })
  const { group: pair } = await other.playing('cat', 'dan')
  await pair[0].asks('match:pause')
  await pair[0].asks('match:leave')
  expect(await pair[1].asks('match:act', { type: 'x' })).toMatchObject({ ok: true })
})

test('[MT61] between two pauses of a player there is a minimum of play, also when others pause', async () => {
  const world = await startWorld({ mode: { pauseGapMs: 10_000 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const pauseOf = async (player: Player, ms: number) => {
    expect(await player.asks('match:pause')).toEqual({ ok: true })
    await world.clock.advance(ms)
    expect(await player.asks('match:resume')).toEqual({ ok: true })
  }
  await pauseOf(ann, 1_000)
  expect(await ann.asks('match:pause')).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 10_000 } })
  await world.clock.advance(4_000)
  await pauseOf(bob, 20_000)
  expect(await ann.asks('match:pause')).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 6_000 } })
  await world.clock.advance(6_000)
  await pauseOf(ann, 1_000)
})

test('[MT61] a player pauses so many times in a match', async () => {
  const world = await startWorld({ mode: { pauseCount: 2, pauseGapMs: 0 } })
  const { group } = await world.playing('ann', 'bob')
  for (let n = 0; n < 2; n++) {
    await group[0].asks('match:pause')
    expect(await group[0].asks('match:resume')).toEqual({ ok: true })
  }
  expect(await group[0].asks('match:pause')).toMatchObject({ error: { code: 'FORBIDDEN' } })
  expect(await group[1].asks('match:pause')).toEqual({ ok: true })
})

test('[MT20] a sleeping player is told, and forfeits', async () => {
  const world = await startWorld({ mode: { idleMs: 10_000 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await world.clock.advance(9_000)
  await ann.asks('match:act', { type: 'here' })
  await ann.hears('match:event')
  await world.clock.advance(1_000)
  const until = world.clock.now() + 10_000
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.idle', seat: 1, until })
  await world.clock.advance(8_000)
  await ann.asks('match:act', { type: 'still' })
  await world.clock.advance(2_000)
  expect(await bob.hears('match:event', ({ type }) => type === 'player.forfeited')).toMatchObject({ seat: 1 })
})

test('[MT20] sending messages is being awake', async () => {
  const world = await startWorld({ mode: { idleMs: 10_000 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  for (let n = 0; n < 5; n++) {
    await world.clock.advance(6_000)
    for (const player of [ann, bob]) player.sends(n)
    for (const player of [ann, bob]) await player.hears('match:message')
  }
  expect(await ann.heardSoFar('match:event')).toEqual([])
})

test('[MT22] the host is the lowest seat that is in the match', async () => {
  const world = await startWorld({ modes: [{ id: 'trio', players: { min: 2, max: 3 }, countdownMs: 0 }] })
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const [ann, bob, cat] = group
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  const host = async () => (await (cat as Player).asks('match:sync', { since: { epoch: 1, seq: 0 } })).match.host
  expect(await host()).toBe(0)
  ann?.drops()
  await cat?.hears('match:event', ({ type }) => type === 'player.away')
  expect(await host()).toBe(0)
  await world.clock.advance(30_000)
  expect(await cat?.hears('match:event', ({ type }) => type === 'host.changed')).toMatchObject({ seat: 1 })
  await bob?.asks('match:leave')
  expect(await host()).toBe(2)
})

test('[MT24] when all are ready play begins at once', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  expect(await ann.asks('match:ready')).toMatchObject({ error: { code: 'ILLEGAL_ACTION' } })
  await bob.joins(matchId)
  await ann.asks('match:ready')
  await bob.asks('match:ready')
  expect(await ann.hears('match:event', ({ state }) => state === 'playing')).toBeDefined()
})
