import { expect, test } from 'vitest'
import { createWatching } from '../../../src/lobby/people/watching.ts'
import type { Deliver } from '../../../src/lobby/ports.ts'
import type { PresenceStatus } from '../../../src/protocol/events/presence.ts'
import { FakeClock } from '../../support/clock.ts'
import { playerId } from '../../support/openings.ts'
import type { Player } from '../../support/player.ts'
import { startWorld } from '../../support/world.ts'

const watch = async (watcher: Player, ...players: Player[]) =>
  (await watcher.asks('player:watch', { playerIds: players.map(({ id }) => id) })).presence
const heard = async (watcher: Player) =>
  (await watcher.heardSoFar('player:presence')).map(({ status }: { status: string }) => status)

type Presence = { status: PresenceStatus }

test('notifications about an entity: only the watchers of a player hear each change of status', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const [ann, bob] = await world.players('ann', 'bob')
  const [eve, dan] = await world.players('eve', 'dan')
  expect(await watch(eve, ann, bob)).toEqual([
    { playerId: ann.id, status: 'online' },
    { playerId: bob.id, status: 'online' },
  ])
  await ann.asks('queue:join', { mode: 'duel' })
  expect(await eve.hears('player:presence')).toEqual({ playerId: ann.id, status: 'queued' })
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(250)
  const { matchId } = await ann.hears('match:found')
  for (const _player of [ann, bob]) {
    expect(await eve.hears('player:presence', ({ status }) => status === 'inMatch')).toMatchObject({
      status: 'inMatch',
    })
  }
  await world.clock.advance(250)
  await ann.joins(matchId)
  await bob.joins(matchId)
  await ann.asks('match:leave')
  expect(await eve.hears('player:presence', ({ status }) => status === 'online')).toMatchObject({ playerId: ann.id })
  ann.leaves()
  await world.until(() => world.census().players === 3)
  await world.clock.advance(250)
  expect(await eve.hears('player:presence', ({ status }) => status === 'offline')).toMatchObject({ playerId: ann.id })
  expect(await dan.heardSoFar('player:presence')).toEqual([])
})

test('[PR1] a player who was asked to accept is still queued, and one whose match is over is not in it', async () => {
  const world = await startWorld({ mode: { countdownMs: 0, readyCheckMs: 10_000 } })
  const [ann, bob] = await world.players('ann', 'bob')
  for (const player of [ann, bob]) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  const eve = await world.player('eve')
  expect(await watch(eve, ann)).toMatchObject([{ status: 'queued' }])
  for (const player of [ann, bob]) await player.asks('match:accept', { matchId })
  expect(await eve.hears('player:presence')).toMatchObject({ status: 'inMatch' })
  await world.clock.advance(250)
  for (const player of [ann, bob]) await player.joins(matchId)
  const result = { placements: [[0], [1]] }
  for (const player of [ann, bob]) await player.asks('match:finish', { result })
  expect(await eve.hears('player:presence')).toMatchObject({ status: 'online' })
})

test('[PR1] the last tab that closes makes a player offline, and the first one online', async () => {
  const world = await startWorld()
  const [ann, eve] = await world.players('ann', 'eve')
  const tab = await world.again(ann)
  expect(await watch(eve, ann)).toMatchObject([{ status: 'online' }])
  tab.leaves()
  await world.until(() => world.server.io.of('/lobby').sockets.size === 2)
  expect(await heard(eve)).toEqual([])
  ann.drops()
  expect(await eve.hears('player:presence')).toMatchObject({ status: 'offline' })
  await world.clock.advance(250)
  await world.again(ann)
  expect(await eve.hears('player:presence')).toMatchObject({ status: 'online' })
})

test('[PR2] a connection adds to what it watches, up to 200, until an empty list or its own end', async () => {
  const world = await startWorld()
  const [ann, eve] = await world.players('ann', 'eve')
  const tab = await world.again(eve)
  const many = (from: number) => Array.from({ length: 100 }, (_, n) => `nobody-${from + n}`)
  expect((await eve.asks('player:watch', { playerIds: [...many(0), ...many(0)] })).presence).toHaveLength(100)
  await eve.asks('player:watch', { playerIds: many(100) })
  const tooMany = await eve.asks('player:watch', { playerIds: [ann.id] })
  expect(tooMany).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
  expect(await eve.asks('player:watch', { playerIds: many(50) })).toMatchObject({ ok: true })
  for (const playerIds of [[...many(0), ...many(100), ann.id], 'ann', [7], ['']]) {
    const reply = await eve.asks('player:watch', { playerIds })
    expect(reply).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  }
  expect(await eve.asks('player:watch', { playerIds: [] })).toEqual({ ok: true, presence: [] })
  expect(world.census().watching).toBe(0)
  expect(await eve.asks('player:watch', { playerIds: ['__proto__', ann.id] })).toEqual({
    ok: true,
    presence: [
      { playerId: '__proto__', status: 'offline' },
      { playerId: ann.id, status: 'online' },
    ],
  })
  await ann.asks('queue:join', { mode: 'duel' })
  await eve.hears('player:presence')
  expect(await heard(tab)).toEqual([])
  eve.drops()
  await world.until(() => world.census().watching === 0)
})

test('[PR3] watchers of a flapping player are told at most four times a second, and end with the right status', async () => {
  const clock = new FakeClock()
  let status: PresenceStatus = 'online'
  const told: PresenceStatus[] = []
  const ann = playerId('ann')
  const deliver: Deliver = (_to, _event, news) => void told.push((news as Presence).status)
  const watching = createWatching({ statusOf: () => status, isHidden: () => false, deliver, clock })
  watching.watch('a tab', playerId('viewer'), [ann])
  for (let n = 0; n < 1_000; n++) {
    status = n % 2 === 0 ? 'offline' : 'online'
    watching.changed(ann)
    await clock.advance(3)
  }
  expect(told.length).toBeGreaterThan(2)
  expect(told.length).toBeLessThanOrEqual(13)
  status = 'queued'
  watching.changed(ann)
  await clock.advance(500)
  expect(told.at(-1)).toBe('queued')
  const before = told.length
  watching.changed(ann)
  await clock.advance(1_000)
  expect(told).toHaveLength(before)
  expect(clock.pending).toBe(0)
})

test('[PR3] a new watcher in a quiet moment is told the present status, once', async () => {
  const clock = new FakeClock()
  let status: PresenceStatus = 'online'
  const told: string[] = []
  const ann = playerId('ann')
  const deliver: Deliver = ({ connections = [] }, _event, news) =>
    void told.push(`${connections} ${(news as Presence).status}`)
  const watching = createWatching({ statusOf: () => status, isHidden: () => false, deliver, clock })
  watching.watch('first', playerId('viewer'), [ann])
  status = 'queued'
  watching.changed(ann)
  status = 'inMatch'
  watching.changed(ann)
  const reply = watching.watch('second', playerId('viewer'), [ann])
  expect(reply).toMatchObject({ presence: [{ status: 'inMatch' }] })
  await clock.advance(250)
  expect(told).toEqual(['first queued', 'first inMatch'])
  watching.gone('first')
  watching.gone('second')
  expect([watching.size(), clock.pending]).toEqual([0, 0])
})

test('[PR21] a blocked player sees the blocker go offline and not come back, until unblocked', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const eve = await world.player('eve')
  const now = async () => (await eve.asks('player:watch', { playerIds: [ann.id] })).presence
  expect(await now()).toEqual([{ playerId: ann.id, status: 'online' }])
  await bob.asks('player:watch', { playerIds: [ann.id] })
  await ann.asks('player:block', { playerId: eve.id, blocked: true })
  expect(await eve.hears('player:presence')).toEqual({ playerId: ann.id, status: 'offline' })
  expect(await now()).toEqual([{ playerId: ann.id, status: 'offline' }])
  await world.clock.advance(1_000)
  await ann.asks('queue:join', { mode: 'duel' })
  expect(await bob.hears('player:presence')).toEqual({ playerId: ann.id, status: 'queued' })
  expect(await eve.heardSoFar('player:presence')).toEqual([])
  const unknown = await eve.asks('player:get', { playerId: 'nobody' })
  expect(await eve.asks('player:get', { playerId: ann.id })).toEqual(unknown)
  expect(await bob.asks('player:get', { playerId: ann.id })).toMatchObject({ ok: true })
  await eve.asks('party:create')
  const absent = await eve.asks('party:invite', { playerId: 'nobody' })
  expect(await eve.asks('party:invite', { playerId: ann.id })).toEqual(absent)
  await world.clock.advance(1_000)
  await ann.asks('player:block', { playerId: eve.id, blocked: false })
  expect(await eve.hears('player:presence')).toEqual({ playerId: ann.id, status: 'queued' })
})
