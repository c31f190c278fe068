import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

test('[MT9] a second tab hides no drop: only the last connection going is one', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const secondTab = await world.again(bob)
  expect(await secondTab.joins(matchId)).toMatchObject({ ok: true, you: { seat: 1 } })
  bob.drops()
  await world.until(() => world.server.presence.size() === 2 && world.server.io.engine.clientsCount === 2)
  expect(await ann.heardSoFar('match:event')).toEqual([])
  secondTab.drops()
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.away', seat: 1 })
})

test('[MT9] a second tab that comes just as the first one goes is a presence without a gap or a ghost', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const secondTab = await world.again(bob)
  const joining = secondTab.joins(matchId)
  bob.drops()
  expect(await joining).toMatchObject({ ok: true })
  const { match } = await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match.seats[1]).toMatchObject({ status: 'present' })
  secondTab.drops()
  expect(await ann.hears('match:event', ({ type }) => type === 'player.away')).toMatchObject({ seat: 1 })
})

test('[MT3] a connection that joins and is gone in the same moment leaves no ghost', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  bob.match.connect()
  await new Promise((resolve) => bob.match.once('connect', () => resolve(null)))
  bob.match.emit('match:join', { matchId })
  bob.drops()
  await world.until(() => world.server.presence.size() === 1)
  await world.clock.advance(30_000)
  const { match } = await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(match.seats[1].status).toBe('left')
})

test('[SE6] all tabs of a player hear what concerns the player', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const secondTab = await world.again(ann)
  expect(secondTab.session.playerId).toBe(ann.id)
  await world.queue([ann, bob])
  expect(await secondTab.hears('match:found')).toMatchObject({ seat: 0 })
  expect(await secondTab.hears('queue:ended')).toMatchObject({ reason: 'matched' })
})

test('[RL1] a socket that joins another match has left the room of the one before', async () => {
  const world = await startWorld({ mode: { maxMs: 9_000, settleMs: 1_000, countdownMs: 0 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await world.clock.advance(10_000)
  await ann.hears('match:event', ({ state }) => state === 'ended')
  const cat = await world.player('cat')
  const matchId = await world.queue([ann, cat])
  expect(await ann.joins(matchId)).toMatchObject({ ok: true, match: { matchId } })
  expect(await bob.hears('match:event', ({ type }) => type === 'player.away')).toMatchObject({ seat: 0 })
  bob.sends('to the old room')
  await bob.heardSoFar('match:message')
  expect(await ann.heardSoFar('match:message')).toEqual([])
})
