import { expect, test } from 'vitest'
import type { Player } from '../../support/player.ts'
import { startWorld, type World } from '../../support/world.ts'
import { forgetsNews, gathered, namesIn, ready, refusal } from './gathering.ts'

/** A duel that a lobby has started, with both players in it. */
async function started(world: World, wish: object = {}) {
  const { group, lobby } = await gathered(world, ['ann', 'bob'], wish)
  const pair = [group[0], group[1]] as const
  await ready(pair)
  for (const player of pair) await forgetsNews(player)
  const { matchId } = await group[0].asks('lobby:start')
  for (const player of pair) {
    await player.hears('match:found')
    expect(await player.joins(matchId)).toMatchObject({ ok: true })
  }
  return { pair, lobby, matchId }
}

test('[LO13] [LO14] the host starts: everyone is offered the seat of their team', async () => {
  const world = await startWorld({ modes: [{ id: 'pairs', teams: { count: 2, size: 2 }, readyCheckMs: 10_000 }] })
  const { group, lobby } = await gathered(world, ['ann', 'bob', 'cat', 'dan'], { mode: 'pairs' })
  const [ann, bob, cat, dan] = group
  await bob.asks('lobby:leave')
  await cat.asks('lobby:team', { team: 1 })
  await bob.asks('lobby:join', { code: lobby.code })
  await ready(group)
  const joinBy = world.clock.now() + 15_000
  const reply = await ann.asks('lobby:start')
  expect(reply).toMatchObject({ ok: true })
  const { matchId } = reply
  const offers = await Promise.all(group.map((player) => player.hears('match:found')))
  expect(offers).toEqual([
    { matchId, mode: 'pairs', seat: 0, team: 0, joinBy },
    { matchId, mode: 'pairs', seat: 2, team: 0, joinBy },
    { matchId, mode: 'pairs', seat: 1, team: 1, joinBy },
    { matchId, mode: 'pairs', seat: 3, team: 1, joinBy },
  ])
  expect((await dan.hears('lobby:state', (said) => said.lobby.state === 'inMatch')).lobby).toMatchObject({ matchId })
  const view = await bob.joins(matchId)
  expect(view.match.state).toBe('gathering')
})

test('[LO14] what friends play in a lobby changes no rating', async () => {
  const world = await startWorld({ mode: { rated: true, countdownMs: 0 } })
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await ready([ann, bob])
  const { matchId } = await ann.asks('lobby:start')
  for (const player of [ann, bob]) expect(await player.joins(matchId)).toMatchObject({ ok: true })
  await world.clock.advance(0)
  for (const player of [ann, bob]) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  const final = await ann.hears('match:event', ({ type }) => type === 'result.final')
  expect(final).toMatchObject({ outcome: 'completed', placements: [[0], [1]] })
  expect(final.ratings).toBeUndefined()
  expect((await ann.asks('player:get', { playerId: ann.id })).ratings).toContainEqual(
    expect.objectContaining({ mode: 'duel', matches: 0 }),
  )
})

test('[LO13] no start before all are ready, enough, and free', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann'])
  const [ann] = group
  expect(await ann.asks('lobby:start')).toMatchObject(refusal('NOT_READY'))
  const bob = await world.player('bob')
  await bob.asks('lobby:join', { code: (await world.again(ann)).session.resumed.lobby.code })
  expect((await ann.asks('lobby:start')).error.message).toContain('not ready: bob')
  await bob.asks('lobby:ready', { ready: true })
  await bob.asks('queue:join', { mode: 'party' })
  const queued = await ann.asks('lobby:start')
  expect(queued).toMatchObject(refusal('NOT_READY'))
  expect(queued.error.message).toContain('free: bob')
  await bob.asks('queue:leave')
  expect(await ann.asks('lobby:start')).toMatchObject({ ok: true })
})

test('[LO13] a lobby does not start while a member plays elsewhere', async () => {
  const world = await startWorld()
  const [bob, cat] = await world.matched('bob', 'cat')
  const { group, lobby } = await gathered(world, ['ann'])
  await bob.asks('lobby:join', { code: lobby.code })
  await bob.asks('lobby:ready', { ready: true })
  expect(await group[0].asks('lobby:start')).toMatchObject(refusal('NOT_READY'))
  await bob.joins(world.offers(cat).matchId)
  await bob.asks('match:leave')
  expect(await group[0].asks('lobby:start')).toMatchObject({ ok: true })
})

test('[LO14] two starts at once make one match', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  const tab = await world.again(ann)
  const replies = await Promise.all([ann, tab, ann].map((one) => one.asks('lobby:start')))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  expect(replies.filter(({ error }) => error?.code === 'ALREADY_IN_MATCH')).toHaveLength(2)
  expect(world.census().matches).toBe(1)
  expect(await bob.heardSoFar('match:found')).toHaveLength(1)
})

test.each(['start first', 'leave first'])('[LO14] a start crosses with someone leaving: %s', async (order) => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  const asks = [() => ann.asks('lobby:start'), () => bob.asks('lobby:leave')]
  if (order === 'leave first') asks.reverse()
  const replies = await Promise.all(asks.map((ask) => ask()))
  const start = replies.find((reply) => reply.matchId !== undefined || reply.error)
  const offers = await bob.heardSoFar('match:found')
  // Whoever had left before is in no match; whoever left after has a seat, and is out of the lobby all the same.
  expect(offers.map(({ matchId }) => matchId)).toEqual(start.ok ? [start.matchId] : [])
  if (!start.ok) expect(start).toMatchObject(refusal('NOT_READY'))
  expect(world.census().matches).toBe(start.ok ? 1 : 0)
  const { lobby } = await ann.asks('lobby:ready', { ready: false })
  expect(namesIn(lobby)).toEqual(['ann'])
})

test('[LO14] a start crosses with a kick: a player kicked first has no seat', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob', 'cat'], { mode: 'party' })
  const [ann, bob, cat] = group
  await ready(group.slice(0, 3))
  const [, start] = await Promise.all([ann.asks('lobby:kick', { playerId: bob.id }), ann.asks('lobby:start')])
  expect(await cat.hears('match:found')).toMatchObject({ matchId: start.matchId })
  expect(await bob.heardSoFar('match:found')).toEqual([])
})

test('[LO14] the host drops while starting: one match or none, and the others are told', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  await forgetsNews(bob)
  ann.lobby.emit('lobby:start', {})
  ann.drops()
  await world.until(() => world.census().players === 1)
  const state = await bob.hears('lobby:state')
  if (state.lobby.state === 'inMatch') {
    expect(await bob.hears('match:found')).toMatchObject({ matchId: state.lobby.matchId })
    expect(world.census().matches).toBe(1)
    const back = await world.again(ann)
    expect(back.session.resumed).toMatchObject({ match: { matchId: state.lobby.matchId, seat: 0 } })
  } else expect(world.census().matches).toBe(0)
})

test.each(['start first', 'queue first'])('[LO13] [LO14] a start crosses with someone queueing: %s', async (order) => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  const start = () => ann.asks('lobby:start')
  const queue = () => bob.asks('queue:join', { mode: 'party' })
  const first = order === 'start first' ? start() : queue()
  const second = order === 'start first' ? queue() : start()
  const replies = await Promise.all([first, second])
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  const { tickets, matches } = world.census()
  expect(tickets + matches).toBe(1)
})

test('[LO14] no stranger comes into the match of a lobby', async () => {
  const world = await startWorld({ modes: [{ id: 'open', players: { min: 2, max: 4 }, lateJoin: true }] })
  const { group } = await gathered(world, ['ann', 'bob'], { mode: 'open', visibility: 'private' })
  await ready(group.slice(0, 2))
  await group[0].asks('lobby:start')
  const eve = await world.player('eve')
  await eve.asks('queue:join', { mode: 'open' })
  await world.clock.advance(1_000)
  expect(await eve.heardSoFar('match:found')).toEqual([])
})

test('[LO15] after the match the remaining members are in the same lobby, and play again', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const { pair, lobby, matchId } = await started(world)
  const [ann, bob] = pair
  expect(await ann.asks('lobby:start')).toMatchObject(refusal('ALREADY_IN_MATCH'))
  for (const player of pair) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  const open = await bob.hears('lobby:state', (said) => said.lobby.state === 'open')
  expect(open.lobby).toMatchObject({ id: lobby.id, code: lobby.code, members: [{ ready: false }, { ready: false }] })
  expect(open.lobby.matchId).toBeUndefined()
  await bob.asks('lobby:ready', { ready: true })
  const again = await ann.asks('lobby:start')
  expect(again).toMatchObject({ ok: true })
  expect(again.matchId).not.toBe(matchId)
})

test('[LO11] [LO15] a member who is away during the match has a full grace when it is over', async () => {
  const world = await startWorld({ mode: { countdownMs: 0, graceMs: 120_000 } })
  const { pair } = await started(world)
  const [ann, bob] = pair
  bob.drops()
  await ann.hears('lobby:state', (said) => said.lobby.members[1].awayUntil !== null)
  ann.forgets()
  await world.clock.advance(60_000)
  expect(await ann.heardSoFar('lobby:state')).toEqual([])
  await ann.asks('match:finish', { result: { placements: [[0], [1]] } })
  await world.clock.advance(60_000)
  const open = await ann.hears('lobby:state', (said) => said.lobby.state === 'open')
  expect(open.lobby.members[1].awayUntil).toBe(world.clock.now() + 30_000)
  const back = await world.again(bob)
  expect(back.session.resumed.lobby.id).toBe(open.lobby.id)
})

test('[LO16] a match without players opens the lobby again, and requeues no player', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  const { matchId } = await ann.asks('lobby:start')
  await ann.joins(matchId)
  await forgetsNews(bob)
  await world.clock.advance(15_000)
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toEqual({ matchId, reason: 'noShow', requeued: false })
    expect(await player.hears('lobby:state', (said) => said.lobby.state === 'open')).toBeDefined()
  }
  expect(world.census()).toMatchObject({ tickets: 0 })
  // Not a matter of the queue, and no reason to wait there.
  expect(await bob.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[LO16] no player is requeued when the lobby has gone in the meantime', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const pair: readonly Player[] = group.slice(0, 2)
  await ready(pair)
  const { matchId } = await group[0].asks('lobby:start')
  for (const player of pair) await player.asks('lobby:leave')
  await group[0].joins(matchId)
  await world.clock.advance(15_000)
  expect(await group[0].hears('match:cancelled')).toMatchObject({ requeued: false })
  expect(world.census()).toMatchObject({ lobbies: 0, tickets: 0 })
})
