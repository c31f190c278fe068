import { expect, test } from 'vitest'
import { openMemoryMatchStore } from '../../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import type { Player } from '../../support/player.ts'
import { copyOf, copyOfMatches, troubledRecords } from '../../support/records.ts'
import { startWorld } from '../../support/world.ts'
import { forgetsNews, gathered, namesIn, ready, refusal } from './gathering.ts'

/** A world with a lobby in it, and what starts from its stores when it is killed. */
async function storedWorld(options: Parameters<typeof startWorld>[0] = {}) {
  const records = openMemoryRecordStore()
  const store = openMemoryMatchStore()
  const world = await startWorld({ ...options, records, store })
  const restarted = async () =>
    startWorld({ ...options, records: await copyOf(records), store: await copyOfMatches(store) })
  return { world, restarted, records }
}

test('[LO18] a lobby is there after a restart, and everyone has a full grace to come back', async () => {
  const { world, restarted } = await storedWorld()
  const { group, lobby } = await gathered(world, ['ann', 'bob', 'cat', 'dan'], { mode: 'party', password: undefined })
  const [ann, bob, cat, dan] = group
  await ann.asks('lobby:update', { visibility: 'private', settings: { map: 'moor' } })
  await ann.asks('lobby:promote', { playerId: bob.id })
  const kicked = await bob.asks('lobby:kick', { playerId: dan.id })
  cat.drops()
  await world.until(() => world.census().players === 3)
  await bob.hears('lobby:state', (said) => said.lobby.members.at(-1).awayUntil !== null)
  await world.clock.advance(29_000)

  const later = await restarted()
  const ann2 = await later.again(ann)
  const awayUntil = later.clock.now() + 30_000
  const { code } = kicked.lobby
  expect(ann2.session.resumed.lobby).toMatchObject({
    ...{ id: lobby.id, code, host: bob.id, visibility: 'private', settings: { map: 'moor' } },
    members: [{ name: 'ann' }, { name: 'bob', awayUntil }, { name: 'cat', awayUntil }],
  })
  expect(await (await later.again(dan)).asks('lobby:join', { code })).toMatchObject(refusal('FORBIDDEN'))
  await later.clock.advance(29_999)
  const bob2 = await later.again(bob)
  await ann2.hears('lobby:state', (said) => said.lobby.members[1].awayUntil === null)
  await later.clock.advance(1)
  const left = await ann2.hears('lobby:state', (said) => said.lobby.members.length === 2)
  expect(namesIn(left.lobby)).toEqual(['ann', 'bob'])
  expect(await bob2.asks('lobby:update', { locked: true })).toMatchObject({ ok: true })
})

test('[LO3] [LO18] a password still opens after a restart, and is not to be read in the store', async () => {
  const { world, restarted, records } = await storedWorld()
  const { lobby, group } = await gathered(world, ['ann'], { password: 'sesame' })
  expect(JSON.stringify(await records.load('lobby'))).not.toContain('sesame')
  const later = await restarted()
  await later.again(group[0])
  const bob = await later.player('bob')
  const { id: lobbyId } = lobby
  expect(await bob.asks('lobby:join', { lobbyId, password: 'Sesame' })).toMatchObject(refusal('WRONG_PASSWORD'))
  expect(await bob.asks('lobby:join', { lobbyId, password: 'sesame' })).toMatchObject({ ok: true })
})

async function startedPair(world: Awaited<ReturnType<typeof startWorld>>) {
  const { group } = await gathered(world, ['ann', 'bob'])
  const pair: Player[] = group.slice(0, 2)
  await ready(pair)
  const { matchId } = await group[0].asks('lobby:start')
  for (const player of pair) await player.joins(matchId)
  return { pair, matchId }
}

test('[LO15] [LO18] a lobby with a live match is restored as inMatch, and opens when the match ends', async () => {
  const { world, restarted } = await storedWorld({ mode: { countdownMs: 0 } })
  const { pair, matchId } = await startedPair(world)
  const later = await restarted()
  const back = await Promise.all(pair.map((player) => later.again(player)))
  for (const player of back) {
    expect(player.session.resumed).toMatchObject({ match: { matchId }, lobby: { state: 'inMatch', matchId } })
    await player.joins(matchId)
  }
  for (const player of back) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  for (const player of back) await player.hears('lobby:state', (said) => said.lobby.state === 'open')
})

test('[LO18] a lobby is restored as open when its match is gone', async () => {
  const { world, records } = await storedWorld()
  const { pair } = await startedPair(world)
  const later = await startWorld({ records: await copyOf(records) })
  const ann = await later.again(pair[0] as Player)
  expect(ann.session.resumed.lobby).toMatchObject({ state: 'open', members: [{ ready: false }, { ready: false }] })
})

test('[LO18] a lobby that cannot be restored affects no other lobby', async () => {
  const { world, records } = await storedWorld()
  await gathered(world, ['ann'])
  await gathered(world, ['bob'], { mode: 'squad' })
  await records.write([{ kind: 'lobby', id: 'torn', value: { form: 1, id: 'torn' } }])
  const copy = await copyOf(records)
  const later = await startWorld({
    records: copy,
    modes: [
      { id: 'duel', players: { min: 2, max: 4 } },
      { id: 'x', players: { min: 1, max: 1 } },
    ],
  })
  expect(later.census().lobbies).toBe(0)
  expect(later.logged.filter(({ level }) => level === 'error')).toHaveLength(2)
  // That of a mode that is gone waits for it.
  expect(await copy.load('lobby')).toMatchObject([{ value: { mode: 'squad' } }])
})

test('[LO17] nothing is told, and nothing true, before it is stored', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { group, lobby } = await gathered(world, ['ann', 'bob'], { mode: 'party' })
  const [ann, bob] = group
  const letGo = trouble.holdUp()
  const kicking = ann.asks('lobby:kick', { playerId: bob.id })
  await ann.heardSoFar('lobby:state')
  expect(await bob.heardSoFar('lobby:kicked')).toEqual([])
  const cat = await world.player('cat')
  expect((await cat.asks('lobby:list')).lobbies).toMatchObject([{ members: 2 }])
  const late = cat.asks('lobby:join', { code: lobby.code })
  await cat.heardSoFar('lobby:state')
  letGo()
  expect(await kicking).toMatchObject({ ok: true })
  expect(await bob.hears('lobby:kicked')).toEqual({ lobbyId: lobby.id })
  expect(await late).toMatchObject(refusal('INVITE_INVALID'))
})

test('[LO17] a change that cannot be stored is not made; deadlines try again', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { group, lobby } = await gathered(world, ['ann', 'bob'], { mode: 'party' })
  const [ann, bob] = group
  const cat = await world.player('cat')
  trouble.isFull = true
  expect(await cat.asks('lobby:join', { code: lobby.code })).toMatchObject(refusal('UNAVAILABLE'))
  expect(await cat.asks('lobby:create', { mode: 'duel', name: 'x', visibility: 'public' })).toMatchObject(
    refusal('UNAVAILABLE'),
  )
  expect(await cat.asks('lobby:quick', { mode: 'party' })).toMatchObject(refusal('UNAVAILABLE'))
  expect(await bob.asks('lobby:leave')).toMatchObject(refusal('UNAVAILABLE'))
  bob.drops()
  await world.until(() => world.census().players === 2)
  await world.clock.advance(5_000)
  expect(await ann.heardSoFar('lobby:state')).toEqual([])
  trouble.isFull = false
  await world.clock.advance(1_000)
  expect((await ann.hears('lobby:state')).lobby.members[1]).toMatchObject({ awayUntil: world.clock.now() + 30_000 })
})

test('[LO14] [LO17] a match that is there is told, also when the lobby cannot be stored any more', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { group } = await gathered(world, ['ann', 'bob'])
  const pair = group.slice(0, 2)
  await ready(pair)
  for (const player of pair) await forgetsNews(player)
  trouble.isFull = true
  const { matchId } = await group[0].asks('lobby:start')
  for (const player of pair) expect(await player.hears('match:found')).toMatchObject({ matchId })
  expect(await group[0].heardSoFar('lobby:state')).toMatchObject([{ lobby: { state: 'inMatch', matchId } }])
  expect(await group[0].asks('lobby:start')).toMatchObject(refusal('UNAVAILABLE'))
  trouble.isFull = false
  await ready(pair)
  expect(await group[0].asks('lobby:start')).toMatchObject(refusal('ALREADY_IN_MATCH'))
})

test('[LO11] [LO17] a player who disconnects while their joining is stored is away like any member', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { group, lobby } = await gathered(world, ['ann'])
  const bob = await world.player('bob')
  const letGo = trouble.holdUp()
  bob.lobby.emit('lobby:join', { code: lobby.code })
  await bob.heardSoFar('lobby:state')
  bob.drops()
  await world.until(() => world.census().players === 1)
  letGo()
  await group[0].hears('lobby:state', (said) => said.lobby.members[1]?.awayUntil === world.clock.now() + 30_000)
})

test('[LO17] a command begun before the service stops is stored, and no later one', async () => {
  const records = openMemoryRecordStore()
  const world = await startWorld({ records })
  const { group } = await gathered(world, ['ann', 'bob'])
  await world.server.lobbies.stop()
  for (const event of ['lobby:leave', 'lobby:start']) {
    expect(await group[0].asks(event)).toMatchObject(refusal('DRAINING'))
  }
  const [kept] = await records.load('lobby')
  expect(kept?.value).toMatchObject({ members: [{ name: 'ann' }, { name: 'bob' }] })
})

test('[ST5] the service is not ready while no lobby can be stored', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const ann = await world.player('ann')
  trouble.isFull = true
  const asked = { mode: 'duel', name: 'x', visibility: 'public' }
  expect(await ann.asks('lobby:create', asked)).toMatchObject(refusal('UNAVAILABLE'))
  expect((await fetch(`${world.url}/readyz`)).status).toBe(503)
  trouble.isFull = false
  expect(await ann.asks('lobby:create', asked)).toMatchObject({ ok: true })
  expect((await fetch(`${world.url}/readyz`)).status).toBe(200)
})
