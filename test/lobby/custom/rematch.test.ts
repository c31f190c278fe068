import { expect, test } from 'vitest'
import { openMemoryMatchStore } from '../../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import type { Player } from '../../support/player.ts'
import { copyOf, copyOfMatches, troubledRecords } from '../../support/records.ts'
import { startWorld, type World } from '../../support/world.ts'
import { forgetsNews, gathered, ready, refusal } from './gathering.ts'

const draw = { placements: [[0, 1]] }
const mode = { rated: true, countdownMs: 0, lateJoin: true }

/** A world, and what starts from its stores when it is killed. */
async function storedWorld() {
  const trouble = troubledRecords()
  const store = openMemoryMatchStore()
  const world = await startWorld({ mode, store, records: trouble.records })
  const restarted = async () =>
    startWorld({ mode, store: await copyOfMatches(store), records: await copyOf(trouble.records) })
  return { world, trouble, restarted }
}

/** Two members of a private lobby who have played a match of it, and play it again. */
async function rematched(world: World) {
  const { pair, lobby, matchId } = await ended(world)
  const [ann, bob] = pair
  for (const player of pair) await player.asks('match:rematch', { accept: true })
  const found = await ann.hears('match:found')
  return { ann, bob, lobby, matchId, found }
}

async function ended(world: World) {
  const { group, lobby } = await gathered(world, ['ann', 'bob'], { visibility: 'private', password: undefined })
  const pair = [group[0], group[1]] as const
  return { pair, lobby, ...(await playsToTheEnd(pair)) }
}

async function playsToTheEnd(pair: readonly [Player, Player]) {
  await ready(pair)
  for (const player of pair) await forgetsNews(player)
  const { matchId } = await pair[0].asks('lobby:start')
  for (const player of pair) await player.hears('match:found')
  for (const player of pair) await player.joins(matchId)
  for (const player of pair) await player.asks('match:finish', { result: draw })
  for (const player of pair) await player.hears('lobby:state', (said) => said.lobby.state === 'open')
  return { matchId: matchId as string }
}

const isIn = (matchId: string) => (said: { lobby: { state: string; matchId?: string } }) =>
  said.lobby.state === 'inMatch' && said.lobby.matchId === matchId

test('[LO50] [RE23] the rematch of a lobby’s match is the lobby’s: it is in it, unrated, and takes no strangers', async () => {
  const world = await startWorld({ mode })
  const { ann, bob, lobby, found } = await rematched(world)
  await bob.hears('lobby:state', isIn(found.matchId))
  for (const player of [ann, bob]) {
    expect(await player.joins(found.matchId)).toMatchObject({ match: { rated: false } })
  }
  const eve = await world.player('eve')
  await eve.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(60_000)
  expect(await eve.heardSoFar('match:found')).toEqual([])
  await eve.asks('queue:leave')
  for (const player of [ann, bob]) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  const open = await bob.hears('lobby:state', (said) => said.lobby.state === 'open')
  expect(open.lobby).toMatchObject({ id: lobby.id, members: [{ ready: false }, { ready: false }] })
  const final = await bob.hears('match:event', ({ type }) => type === 'result.final')
  expect(final.ratings).toBeUndefined()
  expect(await world.server.store.ratings('duel', [ann.id as never, bob.id as never])).toEqual(new Map())
})

test('[LO50] a player who misses the rematch gets no penalty, and the lobby is open again', async () => {
  const world = await startWorld({ mode })
  const { ann, bob, found } = await rematched(world)
  await bob.hears('lobby:state', isIn(found.matchId))
  await ann.joins(found.matchId)
  await world.clock.advance(15_000)
  expect(await bob.hears('match:cancelled')).toMatchObject({ matchId: found.matchId, requeued: false })
  await bob.hears('lobby:state', (said) => said.lobby.state === 'open')
  for (const player of [ann, bob]) expect(await player.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[LO50] [ST1] a rematch after a restart is the lobby’s too', async () => {
  const { world, restarted } = await storedWorld()
  const { ann, bob, lobby, matchId, found } = await rematched(world)
  expect(found).toMatchObject({ rematchOf: matchId })
  await bob.hears('lobby:state', isIn(found.matchId))
  const later = await restarted()
  const back = [await later.again(ann), await later.again(bob)] as const
  for (const player of back) {
    expect(player.session.resumed).toMatchObject({
      match: { matchId: found.matchId },
      lobby: { id: lobby.id, state: 'inMatch', matchId: found.matchId },
    })
    expect(await player.joins(found.matchId)).toMatchObject({ match: { rated: false } })
  }
  for (const player of back) await player.asks('match:finish', { result: draw })
  for (const player of back) await player.asks('match:rematch', { accept: true })
  const third = await back[0].hears('match:found')
  expect(third).toMatchObject({ rematchOf: found.matchId })
  await back[1].hears('lobby:state', isIn(third.matchId))
})

test('[LO51] a process that ends between storing a match and its lobby leaves both, for start and rematch', async () => {
  for (const isRematch of [false, true]) {
    const { world, trouble, restarted } = await storedWorld()
    const { group, lobby } = await gathered(world, ['ann', 'bob'], { visibility: 'private', password: undefined })
    const pair = [group[0], group[1]] as const
    const first = isRematch ? (await playsToTheEnd(pair)).matchId : null
    if (!isRematch) await ready(pair)
    trouble.isFull = true
    if (isRematch) for (const player of pair) await player.asks('match:rematch', { accept: true })
    else await pair[0].asks('lobby:start')
    const { matchId } = await pair[0].hears('match:found')
    await pair[1].hears('lobby:state', isIn(matchId))
    const later = await restarted()
    trouble.isFull = false
    const ann = await later.again(pair[0])
    expect(ann.session.resumed).toMatchObject({
      match: { matchId },
      lobby: { id: lobby.id, state: 'inMatch', matchId },
    })
    // Nobody comes, and nobody has to wait for that.
    await later.clock.advance(60_000)
    expect(await ann.hears('match:cancelled')).toMatchObject({ matchId, requeued: false })
    await ann.hears('lobby:state', (said) => said.lobby.state === 'open')
    expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
    if (first) expect(matchId).not.toBe(first)
  }
})

test('[LO51] a rematch that was stored and not announced is announced at the next start', async () => {
  const store = openMemoryMatchStore()
  const records = openMemoryRecordStore()
  const commit: typeof store.commit = (step) =>
    step.lines.some(({ type }) => type === 'rematch.agreed') ? Promise.reject(new Error('gone')) : store.commit(step)
  const world = await startWorld({ mode, store: { ...store, commit }, records })
  const { ann, matchId, found } = await rematched(world)
  const later = await startWorld({ mode, store: await copyOfMatches(store), records: await copyOf(records) })
  const back = await later.again(ann)
  expect(back.session.resumed.match).toMatchObject({ matchId: found.matchId })
  expect(await back.joins(matchId)).toMatchObject({ match: { rematch: { matchId: found.matchId } } })
  await later.clock.advance(60_000)
})

test('[LO52] strangers do not learn of the match of a private lobby; its members may look on', async () => {
  const world = await startWorld({
    modes: [
      { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 },
      { id: 'trio', players: { min: 1, max: 3 }, countdownMs: 0 },
    ],
  })
  const { group, lobby } = await gathered(world, ['ann', 'bob'], {
    mode: 'trio',
    visibility: 'private',
    password: undefined,
  })
  const [ann, bob] = group
  await ready(group)
  const { matchId } = await ann.asks('lobby:start')
  for (const player of group) await player.joins(matchId)
  const [cat, eve] = await world.players('cat', 'eve')
  expect(await cat.asks('lobby:join', { code: lobby.code })).toMatchObject({ ok: true })
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await cat.joins(matchId, { as: 'spectator' })).toMatchObject({ you: { as: 'spectator' } })
  await bob.asks('match:leave')
  expect(await bob.joins(matchId, { as: 'spectator' })).toMatchObject({ you: { as: 'spectator' } })
  for (const player of [ann, bob, cat]) await player.asks('lobby:leave')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
})

test('[LO52] the match of a public lobby may be watched as the mode says', async () => {
  const world = await startWorld({ mode })
  const { group } = await gathered(world, ['ann', 'bob'], { password: undefined })
  await ready(group)
  const { matchId } = await group[0].asks('lobby:start')
  for (const player of group) await player.joins(matchId)
  const eve = await world.player('eve')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ you: { as: 'spectator' } })
})

/** A public lobby in its match, and somebody who looks on. */
async function watched(world: World, wish: object = {}) {
  const { group, lobby } = await gathered(world, ['ann', 'bob'], { password: undefined, ...wish })
  await ready(group)
  const { matchId } = await group[0].asks('lobby:start')
  for (const player of group) await player.joins(matchId)
  const eve = await world.player('eve')
  return { group, lobby, matchId, eve }
}

test.each<[why: string, act: (ann: Player, eve: Player) => Promise<unknown>]>([
  ['it has become private', (ann) => ann.asks('lobby:update', { visibility: 'private' })],
  ['the host has blocked them', (ann, eve) => ann.asks('player:block', { playerId: eve.id, blocked: true })],
])('[LO53] who looks on at the match of a lobby is told and let go when %s', async (_why, act) => {
  const world = await startWorld({ mode })
  const { group, matchId, eve } = await watched(world)
  await eve.joins(matchId, { as: 'spectator' })
  expect(await act(group[0], eve)).toMatchObject({ ok: true })
  const own = ({ type, playerId }: { type: string; playerId?: string }) =>
    type === 'spectator.left' && playerId === eve.id
  expect(await eve.hears('match:event', own)).toMatchObject({ why: 'private' })
  await group[1].hears('match:event', own)
  eve.forgets()
  group[0].sends({ secret: true })
  await group[0].asks('match:set', { key: 'plan', value: 1 })
  expect(await eve.asks('match:sync', { since: { epoch: 1, seq: 0 } })).toMatchObject(refusal('NOT_IN_MATCH'))
  expect([...(await eve.heardSoFar('match:event')), ...(await eve.heardSoFar('match:message'))]).toEqual([])
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject(refusal('NOT_FOUND'))
})

test('[LO53] the match of a lobby that has become private stays so when the lobby is gone', async () => {
  const world = await startWorld({ mode })
  const { group, matchId, eve } = await watched(world)
  await eve.joins(matchId, { as: 'spectator' })
  await group[0].asks('lobby:update', { visibility: 'private' })
  await eve.hears('match:event', ({ why }) => why === 'private')
  for (const player of group) await player.asks('lobby:leave')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject(refusal('NOT_FOUND'))
})

test('[LO53] a member who leaves a private lobby no longer watches its match', async () => {
  const world = await startWorld({ modes: [{ id: 'duel', players: { min: 1, max: 3 }, countdownMs: 0 }] })
  const { lobby, matchId, eve } = await watched(world, { visibility: 'private' })
  await eve.asks('lobby:join', { code: lobby.code })
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject({ ok: true })
  await eve.asks('lobby:leave')
  await eve.hears('match:event', ({ why }) => why === 'private')
  expect(await eve.joins(matchId, { as: 'spectator' })).toMatchObject(refusal('NOT_FOUND'))
})
