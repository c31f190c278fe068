import { expect, test } from 'vitest'
import { partyOf } from '../../support/parties.ts'
import { startWorld } from '../../support/world.ts'

const pairs = { id: 'pairs', teams: { count: 2, size: 2 }, countdownMs: 0 }
const refused = (code: string) => ({ ok: false, error: { code } })

test('[PY8] the leader queues the party, which stays together in one team', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const [cat, dan] = await world.players('cat', 'dan')
  const eve = await world.player('eve')
  await eve.asks('player:watch', { playerIds: [bob.id] })
  expect(await bob.asks('queue:join', { mode: 'pairs' })).toMatchObject(refused('NOT_PARTY_LEADER'))
  expect(await ann.asks('queue:join', { mode: 'pairs' })).toMatchObject({ ok: true })
  expect(await eve.hears('player:presence')).toEqual({ playerId: bob.id, status: 'queued' })
  for (const player of [cat, dan]) await player.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(world.config.modes.get('pairs')?.matchmaking.fillMs ?? 0)
  const [anns, bobs] = [await ann.hears('match:found'), await bob.hears('match:found')]
  expect(anns).toMatchObject({ matchId: bobs.matchId, team: bobs.team })
})

test('[PY8] a party that is not what it was is not queued any more: one leaves, comes or is kicked', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const queued = async () => (await ann.asks('queue:join', { mode: 'pairs' })).ticket.id
  const invited = async () => (await world.again(ann)).session.resumed.party.code

  let ticketId = await queued()
  await bob.asks('party:leave')
  for (const player of [ann, bob]) {
    expect(await player.hears('queue:ended')).toEqual({ ticketId, reason: 'cancelled' })
  }
  ticketId = await queued()
  await bob.asks('party:join', { code: await invited() })
  expect(await ann.hears('queue:ended')).toMatchObject({ ticketId })
  ticketId = await queued()
  await ann.asks('party:kick', { playerId: bob.id })
  for (const player of [ann, bob]) expect(await player.hears('queue:ended')).toMatchObject({ ticketId })
})

test('[QU72] the refusal to queue a party names the member who cannot queue', async () => {
  const duel = { id: 'duel', teams: { count: 2, size: 1 } }
  const world = await startWorld({ modes: [{ ...pairs, readyCheckMs: 10_000 }, duel] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const large = await ann.asks('queue:join', { mode: 'duel' })
  expect(large).toMatchObject({ error: { code: 'PARTY_TOO_LARGE', message: expect.stringContaining('you are 2') } })
  const [cat, dan] = await world.players('cat', 'dan')
  await ann.asks('queue:join', { mode: 'pairs' })
  for (const player of [cat, dan]) await player.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(0)
  const { matchId } = await bob.hears('match:proposed')
  await world.clock.advance(1_000)
  await bob.asks('match:decline', { matchId })
  await ann.hears('queue:ended')
  const refusal = await ann.asks('queue:join', { mode: 'pairs' })
  expect(refusal).toMatchObject({ error: { code: 'QUEUE_PENALTY', retryAfterMs: 5_000 } })
  expect(refusal.error.message).toBe('bob declined or left too often, and has to wait.')
  await bob.asks('party:leave')
  expect((await bob.asks('queue:join', { mode: 'duel' })).error.message).toMatch(/^You declined/)
})
