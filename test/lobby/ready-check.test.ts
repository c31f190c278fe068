import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

async function proposed(...names: [string, string]) {
  const world = await startWorld({ mode: { readyCheckMs: 10_000 } })
  const group = await world.players(...names)
  const tickets: string[] = []
  for (const player of group) tickets.push((await player.asks('queue:join', { mode: 'duel' })).ticket.id)
  await world.clock.advance(0)
  const { matchId } = await group[0].hears('match:proposed')
  await group[1].hears('match:proposed')
  return { world, ann: group[0], bob: group[1], matchId, tickets }
}

test('[MT19] a match that all accept begins, and only then the tickets end', async () => {
  const { world, ann, bob, matchId, tickets } = await proposed('ann', 'bob')
  expect((await world.again(ann)).session.resumed).toMatchObject({
    proposal: { matchId, mode: 'duel', size: 2 },
    ticket: { id: tickets[0] },
  })
  expect(await ann.joins(matchId)).toMatchObject({ error: { code: 'FORBIDDEN' } })
  expect(await ann.asks('match:accept', { matchId })).toEqual({ ok: true })
  expect(await ann.asks('match:accept', { matchId })).toEqual({ ok: true })
  expect(await bob.hears('match:progress')).toEqual({ matchId, accepted: 1, size: 2 })
  expect(await ann.heardSoFar('queue:ended')).toEqual([])
  await bob.asks('match:accept', { matchId })
  for (const [n, player] of [ann, bob].entries()) {
    expect(await player.hears('queue:ended')).toEqual({ ticketId: tickets[n], reason: 'matched', matchId })
    expect(await player.hears('match:found')).toMatchObject({ matchId, seat: n, joinBy: world.clock.now() + 15_000 })
  }
  expect(await ann.asks('match:accept', { matchId })).toEqual({ ok: true })
  expect(await ann.asks('match:decline', { matchId })).toMatchObject({ error: { code: 'TOO_LATE' } })
})

test('[MT19] [QU8] the decliner is out, and the other player searches on with the same ticket', async () => {
  const { world, ann, bob, matchId, tickets } = await proposed('ann', 'bob')
  await ann.asks('match:accept', { matchId })
  await bob.asks('match:decline', { matchId })
  expect(await bob.hears('match:cancelled')).toEqual({ matchId, reason: 'declined', requeued: false })
  expect(await bob.hears('queue:ended')).toEqual({ ticketId: tickets[1], reason: 'declined' })
  expect(await ann.hears('match:cancelled')).toEqual({ matchId, reason: 'declined', requeued: true })
  expect(await ann.heardSoFar('queue:ended')).toEqual([])
  const cat = await world.player('cat')
  await cat.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  expect(await ann.hears('match:proposed')).toMatchObject({ mode: 'duel' })
})

test('[MT19] a player who does not answer in time is out', async () => {
  const { world, ann, bob, matchId, tickets } = await proposed('ann', 'bob')
  await ann.asks('match:accept', { matchId })
  await world.clock.advance(10_000)
  expect(await bob.hears('match:cancelled')).toEqual({ matchId, reason: 'notAccepted', requeued: false })
  expect(await bob.hears('queue:ended')).toEqual({ ticketId: tickets[1], reason: 'declined' })
  expect(await ann.hears('match:cancelled')).toEqual({ matchId, reason: 'notAccepted', requeued: true })
})

test('[MT19] two last accepts at once make one match', async () => {
  const { world, ann, bob, matchId } = await proposed('ann', 'bob')
  await Promise.all([ann, bob, ann, bob].map((player) => player.asks('match:accept', { matchId })))
  for (const player of [ann, bob]) {
    await player.hears('match:found')
    expect(await player.heardSoFar('match:found')).toEqual([])
  }
  expect(world.census().matches).toBe(1)
})

test('[MT19] accept and decline that cross have one outcome', async () => {
  const { ann, bob, matchId } = await proposed('ann', 'bob')
  await ann.asks('match:accept', { matchId })
  const [yes, no] = await Promise.all([bob.asks('match:accept', { matchId }), bob.asks('match:decline', { matchId })])
  expect([yes.ok, no.ok].filter(Boolean)).toHaveLength(1)
  const found = (await ann.heardSoFar('match:found')).length
  const cancelled = (await ann.heardSoFar('match:cancelled')).length
  expect(found + cancelled).toBe(1)
})

test('[MT19] leaving the queue while asked is declining', async () => {
  const { ann, bob, matchId } = await proposed('ann', 'bob')
  expect(await bob.asks('queue:leave')).toEqual({ ok: true, outcome: 'cancelled' })
  expect(await ann.hears('match:cancelled')).toEqual({ matchId, reason: 'declined', requeued: true })
})

test('[MT19] the proposal of others is none of one’s own', async () => {
  const { world, matchId } = await proposed('ann', 'bob')
  const eve = await world.player('eve')
  for (const event of ['match:accept', 'match:decline']) {
    expect(await eve.asks(event, { matchId })).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await eve.asks(event, { matchId: 'nothing' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  }
})

test('[MT19] [QU5] a match that goes on without the decliners lets them queue again at once', async () => {
  const world = await startWorld({
    modes: [{ id: 'open', players: { min: 2, max: 3 }, readyCheckMs: 10_000, countdownMs: 0 }],
  })
  const [ann, bob, cat] = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  if (!ann || !bob || !cat) throw new Error('three players expected')
  for (const player of [ann, bob, cat]) await player.asks('queue:join', { mode: 'open' })
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  await ann.asks('match:decline', { matchId })
  expect(await ann.hears('queue:ended')).toMatchObject({ reason: 'declined' })
  expect(await ann.hears('match:cancelled')).toMatchObject({ matchId, reason: 'declined', requeued: false })
  for (const player of [bob, cat]) await player.asks('match:accept', { matchId })
  expect(await bob.hears('match:progress')).toMatchObject({ accepted: 1, size: 2 })
  for (const player of [bob, cat]) await player.hears('match:found')
  expect(await ann.asks('queue:join', { mode: 'open' })).toMatchObject({ ok: true })
})

test('[QU5] a player who left a gathering match keeps a new ticket when the old match is cancelled', async () => {
  const world = await startWorld()
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const [ann, bob] = group
  if (!ann || !bob) throw new Error('players expected')
  const matchId = await world.queue(group, 'party')
  await ann.joins(matchId)
  await ann.asks('match:leave')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(15_000)
  expect(await bob.hears('match:cancelled')).toMatchObject({ reason: 'noShow' })
  expect(await ann.heardSoFar('queue:ended')).toMatchObject([{ reason: 'matched' }])
  expect((await world.again(ann)).session.resumed.ticket).toEqual(ticket)
})

test('[QU71] leaving the queue just as a match is proposed costs nothing, and the other searches on', async () => {
  const { world, ann, bob, tickets } = await proposed('ann', 'bob')
  await world.clock.advance(999)
  expect(await bob.asks('queue:leave')).toEqual({ ok: true, outcome: 'cancelled' })
  expect(await bob.hears('queue:ended')).toEqual({ ticketId: tickets[1], reason: 'cancelled' })
  expect(await ann.hears('match:cancelled')).toMatchObject({ requeued: true })
  expect((await world.again(ann)).session.resumed.ticket).toMatchObject({ id: tickets[0] })
  expect(await bob.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[QU71] a player who leaves after they could see the proposal has declined', async () => {
  const { world, bob, tickets } = await proposed('ann', 'bob')
  await world.clock.advance(1_000)
  expect(await bob.asks('queue:leave')).toEqual({ ok: true, outcome: 'cancelled' })
  expect(await bob.hears('queue:ended')).toEqual({ ticketId: tickets[1], reason: 'declined' })
  expect(await bob.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'QUEUE_PENALTY' } })
})

test('[MT19] in a large match progress is told for every twentieth part of the players', async () => {
  const size = 24
  const world = await startWorld({ modes: [{ id: 'crowd', players: { min: size, max: size }, readyCheckMs: 15_000 }] })
  const group = await Promise.all(Array.from({ length: size }, (_, n) => world.player(`player ${n}`)))
  for (const player of group) await player.asks('queue:join', { mode: 'crowd' })
  await world.clock.advance(0)
  const { matchId } = await (group[0] ?? expect.fail()).hears('match:proposed')
  for (const player of group) expect(await player.asks('match:accept', { matchId })).toMatchObject({ ok: true })
  const told: number[] = []
  while (told.at(-1) !== size) told.push((await (group[0] ?? expect.fail()).hears('match:progress')).accepted)
  expect(told).toEqual([2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24])
})
