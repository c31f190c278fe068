import { expect, test } from 'vitest'
import type { MatchStore } from '../../src/match/match-store.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { openGate } from '../support/gate.ts'
import { partyOf } from '../support/parties.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const open = { id: 'open', players: { min: 2, max: 3 }, lateJoin: true, countdownMs: 0, matchmaking: { fillMs: 0 } }
const pairs = {
  id: 'pairs',
  teams: { count: 2, size: 3, minSize: 1 },
  lateJoin: true,
  countdownMs: 0,
  matchmaking: { fillMs: 0 },
}

/** Players of these names in one match that is being played, in the order of their seats. */
async function playing(world: World, names: string[], wishes: object = {}) {
  const group = await Promise.all(names.map(world.player))
  const [mode] = [...world.config.modes.keys()]
  for (const player of group) await player.asks('queue:join', { mode, ...wishes })
  await world.clock.advance(0)
  const found = await Promise.all(group.map((player) => player.hears('match:found')))
  const matchId: string = found[0].matchId
  for (const player of group) await player.joins(matchId)
  const seated = group.toSorted((a, b) => found[group.indexOf(a)].seat - found[group.indexOf(b)].seat)
  return { matchId, group: seated as [Player, Player, Player] }
}
async function queued(world: World, name: string, wishes: object = {}): Promise<Player> {
  const player = await world.player(name)
  const [mode] = [...world.config.modes.keys()]
  expect(await player.asks('queue:join', { mode, ...wishes })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  return player
}
const isFound = async (player: Player): Promise<boolean> => (await player.heardSoFar('match:found')).length > 0

test('[MT25] seats that are given up are taken again, whichever they are and however often', async () => {
  const world = await startWorld({ modes: [open] })
  const { matchId, group } = await playing(world, ['ann', 'bob', 'cat'])
  await group[1].asks('match:leave')
  const dan = await queued(world, 'dan')
  expect(await dan.hears('match:found')).toMatchObject({ matchId, seat: 3 })
  await dan.joins(matchId)
  await group[2].asks('match:leave')
  const eve = await queued(world, 'eve')
  expect(await eve.hears('match:found')).toMatchObject({ matchId, seat: 4 })
})

test('[MT25] of two tickets waiting for one seat, the older gets it when it is free', async () => {
  const world = await startWorld({ modes: [{ ...open, players: { min: 3, max: 3 } }] })
  const { matchId, group } = await playing(world, ['ann', 'bob', 'cat'])
  const dan = await queued(world, 'dan')
  await world.clock.advance(1_000)
  const eve = await queued(world, 'eve')
  expect([await isFound(dan), await isFound(eve)]).toEqual([false, false])
  await group[0].asks('match:leave')
  await world.clock.advance(1_000)
  expect([await isFound(dan), await isFound(eve)]).toEqual([true, false])
  await group[1].asks('match:leave')
  await world.clock.advance(1_000)
  expect(await eve.hears('match:found')).toMatchObject({ matchId })
})

test('[QU1] [MT25] several tickets can get seats in one match at the same time', async () => {
  const memory = openMemoryMatchStore()
  const gate = openGate()
  const store: MatchStore = { ...memory, commit: (step) => gate.pass(() => memory.commit(step)) }
  const world = await startWorld({ modes: [{ ...open, players: { min: 2, max: 5 } }], store })
  const { matchId } = await playing(world, ['ann', 'bob'])
  gate.shut()
  const late = [await queued(world, 'cat'), await queued(world, 'dan'), await queued(world, 'eve')]
  gate.open()
  for (const player of late) expect(await player.hears('match:found')).toMatchObject({ matchId })
  const fay = await queued(world, 'fay')
  await world.clock.advance(5_000)
  expect(await fay.asks('queue:explain')).toMatchObject({ searching: 1 })
  expect(world.logged.filter(({ phrase }) => phrase.includes('search on'))).toEqual([])
})

test('[MT25] a player who left a match is not offered a seat in it again', async () => {
  const world = await startWorld({ modes: [open] })
  const { group } = await playing(world, ['ann', 'bob', 'cat'])
  await group[0].asks('match:leave')
  await group[0].asks('queue:join', { mode: 'open' })
  await world.clock.advance(10_000)
  expect(world.logged.filter(({ phrase }) => phrase.includes('search on'))).toEqual([])
  expect(await group[0].asks('queue:explain')).toMatchObject({ ok: true })
})

test('[QU10] [MT25] a late joiner suits the wants of the players in the match, and they suit the joiner', async () => {
  const attributes = { level: { within: 5 }, map: 'same' as const }
  const world = await startWorld({ modes: [{ ...open, matchmaking: { fillMs: 0, attributes } }] })
  const { matchId } = await playing(world, ['ann', 'bob'], { attributes: { map: 'desert', level: 10 } })
  const strangers = [
    await queued(world, 'cat', { attributes: { map: 'forest', level: 10 } }),
    await queued(world, 'dan', { attributes: { map: 'desert', level: 16 } }),
    await queued(world, 'eve'),
  ]
  await world.clock.advance(300_000)
  for (const player of strangers) expect(await isFound(player)).toBe(false)
  const fay = await queued(world, 'fay', { attributes: { map: 'desert', level: 15 } })
  expect(await fay.hears('match:found')).toMatchObject({ matchId })
})

test('[QU10] [MT25] a player does not join a match in a region that is too far', async () => {
  const world = await startWorld({ modes: [open], regions: ['eu', 'us'] })
  const { matchId } = await playing(world, ['ann', 'bob'], { latencies: { us: 20 } })
  const cat = await queued(world, 'cat', { latencies: { eu: 20 } })
  await world.clock.advance(300_000)
  expect(await isFound(cat)).toBe(false)
  const dan = await queued(world, 'dan', { latencies: { us: 30 } })
  expect(await dan.hears('match:found')).toMatchObject({ matchId })
})

test('[QU10] [MT25] a player does not join a match with a player who blocks them', async () => {
  const world = await startWorld({ modes: [open] })
  const cat = await world.player('cat')
  const { matchId, group } = await playing(world, ['ann', 'bob', 'dan'])
  await group[0].asks('player:block', { playerId: cat.id, blocked: true })
  await group[1].asks('match:leave')
  await cat.asks('queue:join', { mode: 'open' })
  await world.clock.advance(10_000)
  expect(await isFound(cat)).toBe(false)
  const eve = await queued(world, 'eve')
  expect(await eve.hears('match:found')).toMatchObject({ matchId })
})

test('[MT15] [MT25] a match that is larger than its mode allows now goes on for all its players', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const first = await startWorld({ modes: [{ ...open, players: { min: 2, max: 4 } }], ...kept })
  const { group } = await playing(first, ['ann', 'bob', 'cat'])
  await first.server.close()
  const second = await startWorld({
    modes: [{ ...open, players: { min: 2, max: 2 } }],
    ...kept,
    now: first.clock.now(),
  })
  const back = await second.again(group[0])
  expect(back.session.resumed.match).toMatchObject({ mode: 'open' })
  const dan = await queued(second, 'dan')
  const eve = await queued(second, 'eve')
  expect([await isFound(dan), await isFound(eve)]).toEqual([true, true])
  expect(second.logged).toContainEqual(expect.objectContaining({ phrase: 'room in a match was not offered' }))
})

test('[QU17] [MT25] a party joins a match whole or searches on', async () => {
  const memory = openMemoryMatchStore()
  let isFailing = false
  const store: MatchStore = {
    ...memory,
    async commit(commit) {
      const { seats } = commit.snapshot.context
      if (isFailing && seats.length === 4) throw new Error('the disk is full')
      return memory.commit(commit)
    },
  }
  const world = await startWorld({ modes: [pairs], store })
  const { matchId } = await playing(world, ['ann', 'bob'])
  const { members } = await partyOf(world, 'cat', 'dan')
  isFailing = true
  await members[0].asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(0)
  for (const player of [members[0], members[1]]) {
    expect(await isFound(player)).toBe(false)
    expect((await world.again(player)).session.resumed).toMatchObject({ ticket: { mode: 'pairs' } })
    expect((await world.again(player)).session.resumed.match).toBeUndefined()
  }
  expect(matchId).toBeTruthy()
})
