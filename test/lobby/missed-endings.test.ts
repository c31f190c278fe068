import { expect, test } from 'vitest'
import type { ModeConfig } from '../../src/config/config.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { partyOf } from '../support/parties.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const duel: ModeConfig = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }
const checked: ModeConfig = { ...duel, id: 'checked', readyCheckMs: 10_000 }

async function goes(world: World, player: Player): Promise<void> {
  player.leaves()
  await world.until(() => !world.server.presence.isOnline(player.id as never))
}

test('[SE60] a ticket that expired is in the next session of its player, once', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const world = await startWorld({ modes: [duel], ...kept })
  const ann = await world.player('ann')
  expect(ann.session.resumed).toEqual({})
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  await goes(world, ann)
  const goneAt = world.clock.now()
  await world.clock.advance(15_000)
  await world.server.close()

  const next = await startWorld({ modes: [duel], ...kept, now: world.clock.now() + 1_000 })
  const back = await next.again(ann)
  const ended = [{ what: 'ticket', id: ticket.id, reason: 'expired', at: goneAt + 15_000 }]
  expect(back.session.resumed).toEqual({ ended })
  const tab = await next.again(ann)
  expect(tab.session.resumed).toEqual({ ended })
  for (const player of [back, tab]) player.leaves()
  await next.until(() => next.server.presence.size() === 0)
  expect((await next.again(ann)).session.resumed).toEqual({})
})

test('[SE60] so is a match that was forfeited, or decided without the player', async () => {
  const world = await startWorld({ modes: [duel] })
  const { group, matchId } = await world.playing('ann', 'bob')
  await goes(world, group[1])
  await world.clock.advance(30_000)
  const back = await world.again(group[1])
  expect(back.session.resumed.ended).toMatchObject([{ what: 'match', id: matchId, reason: 'forfeited' }])
})

test('[SE60] session.resumed lists a proposal without an answer, and its penalty', async () => {
  const world = await startWorld({ modes: [checked] })
  const [ann, bob] = await world.players('ann', 'bob')
  const ids: string[] = []
  for (const player of [ann, bob]) ids.push((await player.asks('queue:join', { mode: 'checked' })).ticket.id)
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  await goes(world, bob)
  await world.clock.advance(10_000)
  const { resumed, penalty, server } = (await world.again(bob)).session
  expect(resumed.ended).toMatchObject([
    { what: 'proposal', id: matchId, reason: 'notAccepted' },
    { what: 'ticket', id: ids[1], reason: 'declined' },
  ])
  expect(penalty).toEqual({ until: world.clock.now() + 5_000, reason: 'notAccepted' })
  expect(server).toEqual({ version: expect.any(String), node: expect.any(String) })
  await world.clock.advance(5_000)
  expect((await world.again(bob)).session).not.toHaveProperty('penalty')
})

test('[SE60] so are a lobby and a party that did not wait any longer', async () => {
  const world = await startWorld({ modes: [duel] })
  const { party, members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  await ann.asks('lobby:create', { mode: 'duel', name: 'ours', visibility: 'public' })
  const { lobby } = await ann.hears('lobby:state')
  await bob.asks('lobby:join', { lobbyId: lobby.id })
  await goes(world, bob)
  await world.clock.advance(30_000)
  const { ended } = (await world.again(bob)).session.resumed
  expect(ended).toHaveLength(2)
  expect(ended).toContainEqual(expect.objectContaining({ what: 'lobby', id: lobby.id, reason: 'away' }))
  expect(ended).toContainEqual(expect.objectContaining({ what: 'party', id: party.id, reason: 'away' }))
})

test('[SE60] so is a ticket of a mode that is not there after a restart', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const world = await startWorld({ modes: [duel, checked], ...kept })
  const ann = await world.player('ann')
  const { ticket } = await ann.asks('queue:join', { mode: 'checked' })
  await world.server.close()
  const next = await startWorld({ modes: [duel], ...kept, now: world.clock.now() + 1_000 })
  const back = await next.again(ann)
  expect(back.session.resumed).toMatchObject({ ended: [{ what: 'ticket', id: ticket.id, reason: 'cancelled' }] })
  expect(await back.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[SE60] a match that a player left before play is listed as a match', async () => {
  const world = await startWorld({ modes: [duel] })
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(bob)
  await goes(world, bob)
  await ann.joins(matchId)
  await ann.asks('match:leave')
  const { resumed, penalty } = (await world.again(bob)).session
  expect(resumed).toMatchObject({ ended: [{ what: 'match', id: matchId, reason: 'declined' }] })
  expect(penalty).toBeUndefined()
})

test('[SE60] a proposal that an operator ended was one, and one that others declined is told beside the ticket', async () => {
  const ADMIN_TOKEN = 'a token for tests only'
  const world = await startWorld({ modes: [checked], env: { ADMIN_TOKEN } })
  const [ann, bob] = await world.players('ann', 'bob')
  for (const player of [ann, bob]) await player.asks('queue:join', { mode: 'checked' })
  await world.clock.advance(0)
  const declined = await bob.hears('match:proposed')
  await bob.asks('match:accept', { matchId: declined.matchId })
  await goes(world, bob)
  await ann.asks('match:decline', { matchId: declined.matchId })
  const back = await world.again(bob)
  expect(back.session.resumed).toMatchObject({
    ticket: { mode: 'checked' },
    ended: [{ what: 'proposal', id: declined.matchId, reason: 'declined' }],
  })
  await world.clock.advance(5_000)
  await ann.asks('queue:join', { mode: 'checked' })
  await world.clock.advance(2_000)
  const { matchId } = await back.hears('match:proposed')
  await goes(world, back)
  const operator = await world.operator()
  await operator.asks('admin:end', { matchId, reason: 'for a test' })
  const { ended } = (await world.again(bob)).session.resumed
  expect(ended).toContainEqual(expect.objectContaining({ what: 'proposal', id: matchId, reason: 'operator' }))
})

test('[SE60] so are a match that had to be aborted and a lobby whose mode has other seats after a restart', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const world = await startWorld({ modes: [duel, checked], ...kept })
  const { group, matchId } = await world.playing('ann', 'bob')
  const cat = await world.player('cat')
  const { lobby } = await cat.asks('lobby:create', { mode: 'checked', name: 'ours', visibility: 'public' })
  await world.server.close()
  const next = await startWorld({
    modes: [duel, { ...checked, teams: { count: 3, size: 1 } }],
    ...kept,
    setAside: new Map([[matchId, 'it ended the process three times']]),
    now: world.clock.now() + 1_000,
  })
  const { ended } = (await next.again(group[0])).session.resumed
  expect(ended).toMatchObject([{ what: 'match', id: matchId, reason: 'aborted' }])
  expect((await next.again(cat)).session.resumed).toMatchObject({
    ended: [{ what: 'lobby', id: lobby.id, reason: 'closed' }],
  })
})
