import { expect, test } from 'vitest'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { startWorld } from '../support/world.ts'

test('[MT1] two players who never met get a seat each in one match', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const bob = await world.player('bob')
  await ann.asks('queue:join', { mode: 'duel' })
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const annFound = await ann.hears('match:found')
  const bobFound = await bob.hears('match:found')
  expect(annFound).toEqual({
    matchId: bobFound.matchId,
    mode: 'duel',
    seat: 0,
    team: 0,
    joinBy: world.clock.now() + 15_000,
  })
  expect(bobFound).toMatchObject({ seat: 1, team: 1 })
})

test('[MT2] the countdown starts when everyone is here, and play after it', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  expect(await ann.joins(matchId)).toMatchObject({
    you: { seat: 0, team: 0 },
    match: { state: 'gathering', seats: [{ status: 'present' }, { status: 'reserved' }] },
  })
  await bob.joins(matchId)
  const deadline = { name: 'startAt', at: world.clock.now() + 3_000 }
  expect(await ann.hears('match:event', ({ type }) => type === 'state.changed')).toMatchObject({
    state: 'countdown',
    deadline,
  })
  await world.clock.advance(2_999)
  expect(await ann.heardSoFar('match:event')).not.toContainEqual(expect.objectContaining({ state: 'playing' }))
  await world.clock.advance(1)
  expect(await bob.hears('match:event', ({ state }) => state === 'playing')).toMatchObject({
    deadline: { name: 'endBy' },
  })
})

test('[MT2] a mode without a countdown plays at once', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  expect(await bob.joins(matchId)).toMatchObject({ match: { state: 'playing' } })
})

test('[MT3] a player who drops and comes back in time keeps the seat', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  bob.drops()
  const until = world.clock.now() + 30_000
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.away', seat: 1, until })
  await world.clock.advance(29_999)
  const returned = await world.again(bob)
  expect(returned.session.resumed.match).toMatchObject({ matchId, seat: 1 })
  expect(await returned.joins(matchId)).toMatchObject({ you: { seat: 1 } })
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.back', seat: 1 })
  await world.clock.advance(30_000)
  expect(await ann.heardSoFar('match:event')).toEqual([])
})

test('[MT3] [MT7] a player who stays away for the grace time forfeits, and the other one plays on', async () => {
  const world = await startWorld({ mode: { endWhen: 'nobodyLeft' } })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  bob.drops()
  await ann.hears('match:event', ({ type }) => type === 'player.away')
  await world.clock.advance(30_000)
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.forfeited', seat: 1 })
  const returned = await world.again(bob)
  const ended = [{ what: 'match', id: matchId, reason: 'forfeited', at: expect.any(Number) }]
  expect(returned.session.resumed).toEqual({ ended })
  expect(await returned.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })).toMatchObject({ match: { state: 'playing' } })
})

test('[MT4] a match without players is cancelled when the join window closes', async () => {
  const world = await startWorld({ mode: { joinMs: 30_000 } })
  const [ann, bob] = await world.matched('ann', 'bob')
  await world.clock.advance(29_999)
  expect(await ann.heardSoFar('match:cancelled')).toEqual([])
  await world.clock.advance(1)
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toMatchObject({ reason: 'noShow', requeued: false })
  }
})

test('[MT4] [QU8] the present player searches on with the old age when the other one never comes', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const queuedAt = world.clock.now()
  await ann.joins(world.offers(ann).matchId)
  await world.clock.advance(15_000)
  expect(await ann.hears('match:closed')).toMatchObject({ outcome: 'cancelled' })
  expect(await ann.hears('match:cancelled')).toMatchObject({ reason: 'noShow', requeued: true })
  expect(await bob.hears('match:cancelled')).toMatchObject({ reason: 'noShow', requeued: false })
  await world.clock.advance(1_000)
  expect(await ann.hears('queue:updated')).toMatchObject({ waitedMs: world.clock.now() - queuedAt, searching: 1 })
})

test('[MT4] a match for two to eight begins without the absent players', async () => {
  const world = await startWorld()
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const matchId = await world.queue(group, 'party')
  const [ann, bob] = group
  await ann?.joins(matchId)
  await bob?.joins(matchId)
  await world.clock.advance(15_000)
  expect(await ann?.hears('match:event', ({ type }) => type === 'player.left')).toMatchObject({
    seat: 2,
    why: 'noShow',
  })
  expect(await ann?.hears('match:event', ({ type }) => type === 'state.changed')).toMatchObject({ state: 'playing' })
})

test('[MT5] a player who drops while the match gathers keeps the seat beyond the join window', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await bob.joins(matchId)
  await world.clock.advance(14_000)
  bob.drops()
  await world.until(() => world.census().rooms === 0)
  await ann.joins(matchId)
  await world.clock.advance(20_000)
  expect(await ann.heardSoFar('match:cancelled')).toEqual([])
  const returned = await world.again(bob)
  expect(await returned.joins(matchId)).toMatchObject({ match: { state: 'countdown' } })
})

test('[MT6] leaving is for good, on all tabs', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const secondTab = await world.again(bob)
  await secondTab.joins(matchId)
  expect(await bob.asks('match:leave')).toEqual({ ok: true })
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.left', seat: 1, why: 'quit' })
  expect(await secondTab.hears('match:event')).toMatchObject({ type: 'player.left', seat: 1 })
  ann.sends('still there?')
  await ann.heardSoFar('match:message')
  expect(await secondTab.heardSoFar('match:message')).toEqual([])
  expect(await secondTab.asks('match:leave')).toMatchObject({ error: { code: 'NOT_IN_MATCH' } })
  expect(await bob.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
})

test('[MT6] [QU8] leaving before play cancels the match, and the other player searches on', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  await bob.joins(matchId)
  await bob.asks('match:leave')
  expect(await ann.hears('match:cancelled')).toMatchObject({ reason: 'declined', requeued: true })
  expect(await bob.hears('match:cancelled')).toMatchObject({ reason: 'declined', requeued: false })
  expect(await ann.hears('match:closed')).toMatchObject({ matchId, outcome: 'cancelled' })
})

test('[MT7] when the last player has left the match is over', async () => {
  const world = await startWorld({ mode: { endWhen: 'nobodyLeft' } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await ann.asks('match:leave')
  await bob.asks('match:leave')
  expect(await bob.hears('match:closed')).toMatchObject({ outcome: 'abandoned' })
  expect(world.census()).toMatchObject({ matches: 0, rooms: 0 })
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[MT8] a match ends after its longest time, and closes a while later', async () => {
  const world = await startWorld({ mode: { maxMs: 60_000, settleMs: 2_000, rematchMs: 5_000 } })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await world.clock.advance(60_000)
  expect(await ann.hears('match:event')).toMatchObject({ state: 'settling', deadline: { name: 'settleBy' } })
  await world.clock.advance(2_000)
  expect(await ann.hears('match:event')).toMatchObject({ state: 'ended', deadline: { name: 'closeBy' } })
  expect(await ann.heardSoFar('match:closed')).toEqual([])
  await world.clock.advance(5_000)
  expect(await bob.hears('match:closed')).toEqual({ matchId, outcome: 'abandoned' })
})

test('[MT8] [QU2] an ended match closes when its last player goes, and its players may queue', async () => {
  const world = await startWorld({ mode: { maxMs: 59_000, settleMs: 1_000 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'ALREADY_IN_MATCH' } })
  await world.clock.advance(60_000)
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  ann.drops()
  bob.drops()
  await world.until(() => world.census().matches === 0)
})

test('[MT10] only players with a seat get in, by any spelling of the id', async () => {
  const world = await startWorld()
  const { matchId } = await world.playing('ann', 'bob')
  const eve = await world.player('eve')
  for (const id of [matchId, 'match:*', '../x', 'toString', '__proto__', eve.id, eve.lobby.id]) {
    expect(await eve.joins(id as string)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  }
})

test('[MT15] a match keeps the mode it was opened with', async () => {
  const world = await startWorld({ mode: { graceMs: 5_000 } })
  const { group } = await world.playing('ann', 'bob')
  expect(world.config.modes.get('duel')?.graceMs).toBe(5_000)
  Object.assign(world.config.modes.get('duel') ?? {}, { graceMs: 50_000 })
  group[1].drops()
  const { until } = await group[0].hears('match:event')
  expect(until).toBe(world.clock.now() + 5_000)
})

test('[MT25] a late ticket gets a seat in a running match, and the others hear the new player', async () => {
  const late = [{ id: 'open', players: { min: 2, max: 3 }, countdownMs: 0, lateJoin: true }]
  const world = await startWorld({ modes: late })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann] = group
  const cat = await world.player('cat')
  await cat.asks('queue:join', { mode: 'open' })
  await world.clock.advance(0)
  expect(await cat.hears('queue:ended')).toMatchObject({ reason: 'matched', matchId })
  expect(await cat.hears('match:found')).toMatchObject({ matchId, seat: 2, joinBy: world.clock.now() + 15_000 })
  expect(await cat.joins(matchId)).toMatchObject({ you: { seat: 2, team: 2 }, match: { state: 'playing' } })
  expect(await ann.hears('match:event')).toMatchObject({ type: 'player.joined', seat: 2, team: 2, name: 'cat' })
  ann.sends('welcome', [2])
  expect(await cat.hears('match:message')).toEqual([0, 'welcome'])
  const dan = await world.player('dan')
  await dan.asks('queue:join', { mode: 'open' })
  await world.clock.advance(3_000)
  expect(await dan.heardSoFar('match:found')).toEqual([])
})

test('[MT25] a seat that was offered late and not taken is free again', async () => {
  const late = [{ id: 'open', teams: { count: 2, size: 1 }, countdownMs: 0, lateJoin: true }]
  const world = await startWorld({ modes: late })
  const { group, matchId } = await world.playing('ann', 'bob')
  await group[1].asks('match:leave')
  const cat = await world.player('cat')
  await cat.asks('queue:join', { mode: 'open' })
  await world.clock.advance(0)
  expect(await cat.hears('match:found')).toMatchObject({ matchId, seat: 2, team: 1 })
  await world.clock.advance(15_000)
  expect(await group[0].hears('match:event', ({ seat }) => seat === 2)).toMatchObject({
    type: 'player.left',
    why: 'noShow',
  })
  expect(await cat.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  const dan = await world.player('dan')
  await dan.asks('queue:join', { mode: 'open' })
  await world.clock.advance(0)
  expect(await dan.hears('match:found')).toMatchObject({ matchId, seat: 3, team: 1 })
  await world.server.matches.quit({ matchId: matchId as MatchId, playerId: dan.id as PlayerId })
})
