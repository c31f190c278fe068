import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

test('[QU1] one ticket per player, whichever tab asks and however fast', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const secondTab = await world.again(ann)
  const replies = await Promise.all([
    ann.asks('queue:join', { mode: 'duel' }),
    ann.asks('queue:join', { mode: 'duel' }),
    secondTab.asks('queue:join', { mode: 'party' }),
  ])
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  expect(replies.filter(({ error }) => error?.code === 'ALREADY_QUEUED')).toHaveLength(2)
  await world.clock.advance(5_000)
  expect(await ann.heardSoFar('match:found')).toEqual([])
})

test('[QU1] a double tap does not match a player against himself', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  ann.lobby.emit('queue:join', { mode: 'duel' })
  ann.lobby.emit('queue:join', { mode: 'duel' })
  expect(await ann.hears('refused')).toMatchObject({ error: { code: 'ALREADY_QUEUED' } })
  await world.clock.advance(1_000)
  expect(await ann.heardSoFar('match:found')).toEqual([])
  expect(world.census().tickets).toBe(1)
})

test('[QU2] a player in a match cannot queue, from any tab', async () => {
  const world = await startWorld()
  const [ann] = await world.matched('ann', 'bob')
  for (const tab of [ann, await world.again(ann)]) {
    expect(await tab.asks('queue:join', { mode: 'party' })).toMatchObject({ error: { code: 'ALREADY_IN_MATCH' } })
  }
})

test('a mode that is not there is said to be unknown', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  for (const mode of ['chess', 'toString', '__proto__']) {
    expect(await ann.asks('queue:join', { mode })).toMatchObject({ error: { code: 'UNKNOWN_MODE' } })
  }
})

test('[QU4] [QU5] leaving ends the ticket once', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  expect(await ann.asks('queue:leave')).toEqual({ ok: true, outcome: 'cancelled' })
  expect(await ann.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'cancelled' })
  expect(await ann.asks('queue:leave')).toMatchObject({ error: { code: 'NOT_QUEUED' } })
  expect(await ann.heardSoFar('queue:ended')).toEqual([])
})

test('[QU4] leaving crosses with the match being found: the match wins, once', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  await ann.asks('queue:join', { mode: 'duel' })
  await bob.asks('queue:join', { mode: 'duel' })
  const ticking = world.clock.advance(0)
  const reply = await ann.asks('queue:leave')
  await ticking
  const { matchId } = await bob.hears('match:found')
  expect(reply).toEqual({ ok: true, outcome: 'tooLate', matchId })
  expect(await ann.hears('queue:ended')).toMatchObject({ reason: 'matched', matchId })
  expect(await ann.heardSoFar('queue:ended')).toEqual([])
})

test('[QU5] a match ends every ticket in it before it is announced', async () => {
  const world = await startWorld()
  const [ann] = await world.players('ann', 'bob')
  const order: string[] = []
  ann.lobby.onAny((event: string) => order.push(event))
  const bob = await world.player('bob')
  await world.queue([ann, bob])
  expect(order).toEqual(['queue:joined', 'queue:ended', 'match:found'])
})

test('[QU6] an absent player is not matched; one who comes back in time searches on', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  ann.drops()
  await world.until(() => world.census().players === 1)
  await world.clock.advance(1)
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(14_000)
  expect(await bob.heardSoFar('match:found')).toEqual([])
  const returned = await world.again(ann)
  expect(returned.session.resumed.ticket).toEqual(ticket)
  await world.clock.advance(0)
  expect(await returned.hears('match:found')).toMatchObject({ seat: 0 })
  expect(await bob.hears('match:found')).toMatchObject({ seat: 1 })
})

test('[QU6] [CL2] the ticket of a player who stays away expires', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  await ann.asks('queue:join', { mode: 'duel' })
  ann.drops()
  await world.until(() => world.census().players === 0)
  await world.clock.advance(15_000)
  expect(world.census().tickets).toBe(0)
  expect((await world.again(ann)).session.resumed).toEqual({
    ended: [expect.objectContaining({ what: 'ticket', reason: 'expired' })],
  })
})

test('[QU6] the other tab of a player keeps the search going', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const secondTab = await world.again(ann)
  await ann.asks('queue:join', { mode: 'duel' })
  ann.drops()
  await world.until(() => world.server.io.engine.clientsCount === 1)
  const bob = await world.player('bob')
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  expect(await secondTab.hears('match:found')).toMatchObject({ seat: 0 })
})

test('[QU7] progress is told once a second and no more often', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(10_000)
  const updates = await ann.heardSoFar('queue:updated')
  expect(updates.map(({ waitedMs }) => waitedMs)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((s) => s * 1_000))
  expect(updates[0]).toEqual({ ticketId: ticket.id, waitedMs: 1_000, estimatedWaitMs: null, searching: 1 })
})

test('[QU8] a player who was let down is matched before those who queued later', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  const cat = await world.player('cat')
  await world.clock.advance(1_000)
  await cat.asks('queue:join', { mode: 'duel' })
  await bob.joins(matchId)
  await bob.asks('match:leave')
  expect(await ann.hears('match:cancelled')).toMatchObject({ requeued: true })
  await world.clock.advance(0)
  expect(await ann.hears('match:found')).toMatchObject({ seat: 0 })
  expect(await cat.hears('match:found')).toMatchObject({ seat: 1 })
})

test('[QU9] the estimate is learned from the waits before', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  expect(ticket.estimatedWaitMs).toBeNull()
  await world.clock.advance(10_000)
  await world.queue([bob])
  const cat = await world.player('cat')
  expect((await cat.asks('queue:join', { mode: 'duel' })).ticket.estimatedWaitMs).toBe(5_000)
})
