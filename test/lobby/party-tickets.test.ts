import { expect, test } from 'vitest'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { partyOf } from '../support/parties.ts'
import type { Player } from '../support/player.ts'
import { copyOf } from '../support/records.ts'
import { startWorld, type World } from '../support/world.ts'

const pairs = { id: 'pairs', teams: { count: 2, size: 2 }, readyCheckMs: 10_000, countdownMs: 0 }
const refused = (code: string) => ({ ok: false, error: { code } })
const resumed = async (world: World, player: Player) => (await world.again(player)).session.resumed

/** A party and two players of their own, who are asked to accept a match. */
async function proposed(mode: object = {}) {
  const world = await startWorld({ modes: [{ ...pairs, ...mode }] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const [cat, dan] = await world.players('cat', 'dan')
  const { ticket } = await ann.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(1_000)
  for (const player of [cat, dan]) await player.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(5_000)
  const asked = await Promise.all([ann, bob, cat, dan].map((player) => player.hears('match:proposed')))
  return { world, ann, bob, cat, dan, ticket, matchId: asked[0].matchId as string }
}

test('[QU17] the leader queues all of the party, which plays in one team', async () => {
  const { world, ann, bob, cat, dan, ticket, matchId } = await proposed()
  for (const player of [ann, bob]) expect((await resumed(world, player)).ticket).toEqual(ticket)
  for (const player of [ann, bob, cat, dan]) await player.asks('match:accept', { matchId })
  const found = await Promise.all([ann, bob, cat, dan].map((player) => player.hears('match:found')))
  expect(found.map(({ team }) => team)).toEqual([0, 0, 1, 1])
  expect(await bob.heardSoFar('queue:ended')).toEqual([{ ticketId: ticket.id, reason: 'matched', matchId }])
})

test('[QU17] only the leader queues, and nobody of a party that is queued queues alone', async () => {
  const world = await startWorld({ modes: [pairs, { id: 'duel', teams: { count: 2, size: 1 } }] })
  const { members } = await partyOf(world, 'ann', 'bob')
  expect(await members[1].asks('queue:join', { mode: 'pairs' })).toMatchObject(refused('NOT_PARTY_LEADER'))
  expect(await members[0].asks('queue:join', { mode: 'duel' })).toMatchObject(refused('PARTY_TOO_LARGE'))
  await members[0].asks('queue:join', { mode: 'pairs' })
  expect(await members[0].asks('queue:join', { mode: 'pairs' })).toMatchObject(refused('ALREADY_QUEUED'))
  await members[0].asks('party:promote', { playerId: members[1].id })
  expect(await members[1].asks('queue:join', { mode: 'pairs' })).toMatchObject(refused('ALREADY_QUEUED'))
  expect(world.census().tickets).toBe(1)
})

test('[QU17] a party can queue only if each of its members can', async () => {
  const { world, ann, bob, matchId } = await proposed()
  await bob.asks('match:decline', { matchId })
  expect(await ann.asks('queue:join', { mode: 'pairs' })).toMatchObject(refused('QUEUE_PENALTY'))
  await world.clock.advance(5_000)
  expect(await ann.asks('queue:join', { mode: 'pairs' })).toMatchObject({ ok: true })
})

test('[QU17] a party of which one is gone is held, and searches on when all are back', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const { ticket } = await ann.asks('queue:join', { mode: 'pairs' })
  bob.drops()
  await world.until(() => world.census().players === 1)
  for (const player of await world.players('cat', 'dan')) await player.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(14_000)
  expect(await ann.heardSoFar('match:proposed')).toEqual([])
  expect(await ann.asks('queue:explain')).toMatchObject({ waitedMs: 14_000, blockedBy: { away: 1 } })
  const back = await world.again(bob)
  expect(back.session.resumed.ticket).toEqual(ticket)
  await world.clock.advance(0)
  for (const player of [ann, back]) expect(await player.hears('match:proposed')).toMatchObject({ size: 4 })
})

test('[QU17] each of a party has the whole grace to come back', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { members } = await partyOf(world, 'ann', 'bob')
  await members[0].asks('queue:join', { mode: 'pairs' })
  members[0].drops()
  await world.until(() => world.census().players === 1)
  await world.clock.advance(9_000)
  members[1].drops()
  await world.until(() => world.census().players === 0)
  await world.clock.advance(3_000)
  const ann = await world.again(members[0])
  await world.clock.advance(11_999)
  expect(await ann.heardSoFar('queue:ended')).toEqual([])
  await world.clock.advance(1)
  expect(await ann.hears('queue:ended')).toMatchObject({ reason: 'expired' })
})

test('[QU17] when one of a party leaves the queue its ticket ends for all', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const { ticket } = await members[0].asks('queue:join', { mode: 'pairs' })
  expect(await members[1].asks('queue:leave')).toEqual({ ok: true, outcome: 'cancelled' })
  for (const player of [members[0], members[1]]) {
    expect(await player.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'cancelled' })
  }
  expect(world.census().tickets).toBe(0)
})

test('[QU12] [QU17] one who declines ends the ticket for the party, and alone has to wait', async () => {
  const { world, ann, bob, cat, ticket, matchId } = await proposed()
  const { queuedAt } = (await resumed(world, cat)).ticket
  await bob.asks('match:decline', { matchId })
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toEqual({ matchId, reason: 'declined', requeued: false })
    expect(await player.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'declined' })
  }
  expect(await cat.hears('match:cancelled')).toMatchObject({ requeued: true })
  expect((await resumed(world, cat)).ticket.queuedAt).toBe(queuedAt)
  await bob.asks('party:leave')
  expect(await ann.asks('queue:join', { mode: 'pairs' })).toMatchObject({ ok: true })
  expect(await bob.asks('queue:join', { mode: 'pairs' })).toMatchObject(refused('QUEUE_PENALTY'))
})

test('[QU5] [QU17] a match that goes on without one of a party has the others of it, whose ticket it ends', async () => {
  const { ann, bob, cat, dan, ticket, matchId } = await proposed({ teams: { count: 2, size: 2, minSize: 1 } })
  await bob.asks('match:decline', { matchId })
  expect(await bob.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'declined' })
  expect(await bob.asks('queue:leave')).toMatchObject(refused('NOT_QUEUED'))
  expect(await ann.heardSoFar('queue:ended')).toEqual([])
  for (const player of [ann, cat, dan]) await player.asks('match:accept', { matchId })
  expect(await ann.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'matched', matchId })
  expect(await ann.hears('match:found')).toMatchObject({ matchId, team: 0 })
  expect(await bob.heardSoFar('queue:ended')).toEqual([])
})

test('[QU17] players who parted during the ready check do not search on together', async () => {
  const { world, ann, bob, cat, ticket, matchId } = await proposed()
  await bob.asks('party:leave')
  expect(await bob.heardSoFar('queue:ended')).toEqual([])
  await cat.asks('match:decline', { matchId })
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toMatchObject({ requeued: false })
    expect(await player.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'cancelled' })
    expect(await player.asks('queue:join', { mode: 'pairs' })).toMatchObject({ ok: true })
  }
  expect(world.census().tickets).toBe(3)
})

test('[QU8] [QU17] a party that was let down is requeued whole, unless its members have changed', async () => {
  const { world, ann, bob, cat, dan, ticket, matchId } = await proposed({ joinMs: 5_000 })
  for (const player of [ann, bob, cat, dan]) await player.asks('match:accept', { matchId })
  for (const player of [ann, bob, dan]) await player.joins(matchId)
  await world.clock.advance(5_000)
  for (const player of [ann, bob]) expect(await player.hears('match:cancelled')).toMatchObject({ requeued: true })
  const { ticket: next } = await resumed(world, bob)
  expect(next).toMatchObject({ queuedAt: ticket.queuedAt })
  expect((await resumed(world, ann)).ticket).toEqual(next)
  const eve = await world.player('eve')
  await eve.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(5_000)
  const again = await eve.hears('match:proposed')
  for (const player of [ann, bob, dan, eve]) await player.asks('match:accept', { matchId: again.matchId })
  for (const player of [ann, dan, eve]) await player.joins(again.matchId)
  await bob.asks('party:leave')
  await eve.asks('match:leave')
  expect(await ann.hears('match:cancelled', (told) => told.matchId === again.matchId)).toMatchObject({
    requeued: false,
  })
  expect((await resumed(world, ann)).ticket).toBeUndefined()
})

test('[QU17] a player who is queued and comes to a party is not queued any more', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { party } = await partyOf(world, 'ann', 'bob')
  const cat = await world.player('cat')
  const { ticket } = await cat.asks('queue:join', { mode: 'pairs' })
  await cat.asks('party:join', { code: party.code })
  expect(await cat.hears('queue:ended')).toEqual({ ticketId: ticket.id, reason: 'cancelled' })
  expect(world.census().tickets).toBe(0)
})

test('[QU17] a party may block one of its own and plays all the same', async () => {
  const world = await startWorld({ modes: [{ ...pairs, readyCheckMs: 0 }] })
  const { members } = await partyOf(world, 'ann', 'bob')
  await members[0].asks('player:block', { playerId: members[1].id, blocked: true })
  await members[0].asks('queue:join', { mode: 'pairs' })
  for (const player of await world.players('cat', 'dan')) await player.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(5_000)
  for (const player of [members[0], members[1]]) expect(await player.hears('match:found')).toMatchObject({ team: 0 })
})

test('[QU14] [QU17] a party that its mode has become too small for is not queued after a restart', async () => {
  const records = openMemoryRecordStore()
  const before = await startWorld({ modes: [pairs], records })
  const { members } = await partyOf(before, 'ann', 'bob')
  const [ann, bob] = members
  await ann.asks('queue:join', { mode: 'pairs' })
  const smaller = { ...pairs, teams: { count: 2, size: 1 } }
  const copy = await copyOf(records)
  const after = await startWorld({ modes: [smaller], records: copy, isLasting: true })
  for (const player of [ann, bob]) expect((await after.again(player)).session.resumed.ticket).toBeUndefined()
  expect(await copy.load('ticket')).toEqual([])
})
