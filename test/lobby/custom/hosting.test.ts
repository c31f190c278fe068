import { expect, test } from 'vitest'
import { startWorld } from '../../support/world.ts'
import { forgetsNews, gathered, namesIn, ready, refusal } from './gathering.ts'

const GRACE_MS = 30_000
const IDLE_MS = 30 * 60_000

test('[LO17] every device of a user hears each change, and a new one is told by the session', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  const tab = await world.again(bob)
  expect(tab.session.resumed.lobby).toMatchObject({ members: [{ name: 'ann' }, { name: 'bob', ready: false }] })
  const { lobby } = await tab.asks('lobby:ready', { ready: true })
  expect(lobby.members[1]).toMatchObject({ name: 'bob', ready: true })
  for (const player of [ann, bob, tab]) expect(await player.hears('lobby:state')).toEqual({ lobby })
})

test('[LO7] members move to a team that has room', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob', 'cat'], { mode: 'squad' })
  const { lobby } = await group[2].asks('lobby:team', { team: 1 })
  expect(lobby.members.map(({ team }: { team: number }) => team)).toEqual([0, 1, 1])
  expect(await group[2].asks('lobby:team', { team: 2 })).toMatchObject(refusal('BAD_REQUEST'))
  const duel = await gathered(world, ['dan', 'eve'])
  expect(await duel.group[1].asks('lobby:team', { team: 0 })).toMatchObject(refusal('LOBBY_FULL'))
})

test.each([
  ['lobby:update', { name: 'Mine' }],
  ['lobby:kick', {}],
  ['lobby:promote', {}],
  ['lobby:start', null],
])('[LO8] %s is for the host', async (event, asked) => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  const payload = asked && 'name' in asked ? asked : asked ? { playerId: ann.id } : {}
  expect(await bob.asks(event, payload)).toMatchObject(refusal('NOT_HOST'))
  expect(await ann.heardSoFar('lobby:state')).toEqual([])
})

test('[LO8] lobby:update changes only the given fields', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann', 'bob'], { settings: { map: 'moor' } })
  const [ann, bob] = group
  const changed = await ann.asks('lobby:update', { name: 'The Moor', password: 'sesame', visibility: 'private' })
  expect(changed.lobby).toMatchObject({
    name: 'The Moor',
    hasPassword: true,
    visibility: 'private',
    settings: { map: 'moor' },
    code: lobby.code,
  })
  expect(await bob.hears('lobby:state')).toEqual({ lobby: changed.lobby })
  const back = await ann.asks('lobby:update', { password: null, settings: {} })
  expect(back.lobby).toMatchObject({ name: 'The Moor', hasPassword: false, settings: {} })
  expect(await ann.asks('lobby:update', { name: ' ' })).toMatchObject(refusal('NAME_INVALID'))
  const settings = { text: 'x'.repeat(4_096) }
  expect(await ann.asks('lobby:update', { settings })).toMatchObject(refusal('TOO_LARGE'))
})

test('[LO8] the host passes the role on', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  const { lobby } = await ann.asks('lobby:promote', { playerId: bob.id })
  expect(lobby.host).toBe(bob.id)
  expect(await ann.asks('lobby:update', { locked: true })).toMatchObject(refusal('NOT_HOST'))
  expect(await bob.asks('lobby:promote', { playerId: 'nobody' })).toMatchObject(refusal('NOT_FOUND'))
})

test('[LO9] a kicked player hears it on all devices, nothing more, and cannot come back', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  const tab = await world.again(bob)
  const kicked = await ann.asks('lobby:kick', { playerId: bob.id })
  expect(namesIn(kicked.lobby)).toEqual(['ann'])
  expect(kicked.lobby.code).not.toBe(lobby.code)
  for (const player of [bob, tab]) expect(await player.hears('lobby:kicked')).toEqual({ lobbyId: lobby.id })
  await ann.asks('lobby:ready', { ready: true })
  expect(await tab.heardSoFar('lobby:state')).toEqual([])
  expect(await bob.asks('lobby:join', { code: lobby.code })).toMatchObject(refusal('INVITE_INVALID'))
  expect(await bob.asks('lobby:join', { code: kicked.lobby.code })).toMatchObject(refusal('FORBIDDEN'))
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject(refusal('FORBIDDEN'))
  expect(await bob.asks('lobby:leave')).toMatchObject(refusal('NOT_IN_LOBBY'))
  expect((await bob.asks('lobby:quick', { mode: 'duel' })).lobby.id).not.toBe(lobby.id)
})

test('[LO9] a kick crosses with a second join of the same player: they are out', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann', 'bob'], { mode: 'party' })
  const [ann, bob] = group
  const tab = await world.again(bob)
  await Promise.all([
    ann.asks('lobby:kick', { playerId: bob.id }),
    tab.asks('lobby:join', { code: lobby.code }),
    bob.asks('lobby:join', { lobbyId: lobby.id }),
    tab.asks('lobby:ready', { ready: true }),
  ])
  const { lobby: after } = await ann.asks('lobby:ready', { ready: true })
  expect(namesIn(after)).toEqual(['ann'])
  const [socket] = [...world.server.io.of('/lobby').sockets.values()].filter((one) => one.id === tab.lobby.id)
  expect([...(socket?.rooms ?? [])].filter((room) => room.startsWith('lobby:'))).toEqual([])
})

test('[LO10] when the host leaves, the member who has been in longest follows', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob', 'cat'], { mode: 'party' })
  const [ann, bob, cat] = group
  await ann.asks('lobby:leave')
  const { lobby } = await cat.hears('lobby:state')
  expect(lobby.host).toBe(bob.id)
  expect(await bob.asks('lobby:update', { locked: true })).toMatchObject({ ok: true })
})

test('[LO10] [LO11] a host who drops keeps the role for the grace time, and no longer', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  ann.drops()
  const away = await bob.hears('lobby:state')
  const awayUntil = world.clock.now() + GRACE_MS
  expect(away.lobby).toMatchObject({ host: ann.id, members: [{ name: 'ann', awayUntil }, { awayUntil: null }] })
  await world.clock.advance(GRACE_MS - 1)
  expect(await bob.asks('lobby:update', { locked: true })).toMatchObject(refusal('NOT_HOST'))
  await world.clock.advance(1)
  const { lobby } = await bob.hears('lobby:state')
  expect(lobby).toMatchObject({ host: bob.id, members: [{ name: 'bob' }] })
  expect((await world.again(ann)).session.resumed).not.toHaveProperty('lobby')
})

test('[LO11] [LO19] a member who comes back in time keeps the place, but is not ready', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  await forgetsNews(ann)
  bob.drops()
  expect((await ann.hears('lobby:state')).lobby.members[1]).toMatchObject({ name: 'bob', ready: false })
  await world.clock.advance(GRACE_MS - 1)
  const back = await world.again(bob)
  expect(back.session.resumed.lobby.members[1]).toMatchObject({ name: 'bob' })
  expect((await ann.hears('lobby:state')).lobby.members[1]).toMatchObject({ name: 'bob', awayUntil: null })
  await world.clock.advance(GRACE_MS)
  await ann.asks('lobby:ready', { ready: true })
  expect(namesIn((await back.hears('lobby:state', ({ lobby }) => lobby.members[0].ready)).lobby)).toEqual([
    'ann',
    'bob',
  ])
})

test('[LO11] another tab of the player is no drop', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  const tab = await world.again(bob)
  bob.drops()
  await world.until(() => world.server.io.engine.clientsCount === 2)
  expect(await ann.heardSoFar('lobby:state')).toEqual([])
  expect(await tab.asks('lobby:ready', { ready: true })).toMatchObject({ ok: true })
})

test('[LO12] a lobby goes with its last member, at once', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann'])
  expect(await group[0].asks('lobby:leave')).toEqual({ ok: true })
  expect(await group[0].hears('lobby:left')).toEqual({ lobbyId: lobby.id })
  expect(world.census().lobbies).toBe(0)
  expect(await group[0].asks('lobby:join', { code: lobby.code })).toMatchObject(refusal('INVITE_INVALID'))
})

test('[LO12] members are warned a minute before, and any request of a member prevents it', async () => {
  const world = await startWorld({ lobbies: { idleMs: 600_000 } })
  const { group, lobby } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await world.clock.advance(540_000)
  const closing = { lobbyId: lobby.id, at: world.clock.now() + 60_000 }
  for (const player of [ann, bob]) expect(await player.hears('lobby:closing')).toEqual(closing)
  await world.clock.advance(59_999)
  expect(await bob.asks('chat:send', { to: { lobby: true }, text: 'still here' })).toMatchObject({ ok: true })
  await world.clock.advance(500_000)
  await ann.asks('player:watch', { playerIds: [] })
  await world.clock.advance(539_999)
  expect(await ann.heardSoFar('lobby:closing')).toEqual([])
  await world.clock.advance(1)
  expect(await ann.hears('lobby:closing')).toEqual({ lobbyId: lobby.id, at: world.clock.now() + 60_000 })
  await world.clock.advance(60_000)
  for (const player of [ann, bob]) expect(await player.hears('lobby:closed')).toMatchObject({ reason: 'idle' })
})

test('[LO12] requests in /match keep the lobby open too, also refused ones', async () => {
  const world = await startWorld({ lobbies: { idleMs: 600_000 }, mode: { idleMs: 0, maxMs: 3_600_000 } })
  const { group } = await gathered(world, ['ann', 'bob'], { mode: 'party' })
  const [ann, bob] = group
  const cat = await world.player('cat')
  const matchId = await world.queue([bob, cat], 'duel')
  for (const player of [bob, cat]) await player.joins(matchId)
  const asks = [
    () => bob.sends('hello'),
    () => void bob.asks('match:act', { type: 'wave' }),
    () => void ann.asks('lobby:ready', { ready: 'perhaps' }),
  ]
  for (const ask of asks) {
    await world.clock.advance(540_000)
    await ann.hears('lobby:closing')
    ask()
    for (const player of [ann, bob]) await player.heardSoFar('lobby:closed')
    await world.clock.advance(59_999)
    expect(await ann.heardSoFar('lobby:closed')).toEqual([])
  }
})

test('[LO13] a refused start names the member who is not free', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  await bob.asks('queue:join', { mode: 'squad' })
  const { error } = await ann.asks('lobby:start')
  expect(error.code).toBe('NOT_READY')
  expect(error.message).toContain('Not everyone is free: bob')
  expect(error.message).not.toContain('ready')
})

test('[LO74] [LO71] the host takes the lobby to another mode, and everyone is asked again', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob', 'cat'], { mode: 'party' })
  const [ann, bob] = group
  const watcher = await world.player('wes')
  await watcher.asks('lobby:watch', { mode: 'squad' })
  await ready(group)
  expect(await ann.asks('lobby:update', { mode: 'chess' })).toMatchObject(refusal('UNKNOWN_MODE'))
  expect(await ann.asks('lobby:update', { mode: 'duel' })).toMatchObject(refusal('BAD_REQUEST'))
  const { lobby } = await ann.asks('lobby:update', { mode: 'squad' })
  expect(lobby).toMatchObject({ mode: 'squad', capacity: 10, teams: { count: 2, size: 5 } })
  expect(lobby.members).toMatchObject([0, 1, 0].map((team) => ({ team, ready: false })))
  await world.clock.advance(1_000)
  expect(await watcher.hears('lobby:listed')).toMatchObject({ lobby: { id: lobby.id, mode: 'squad' } })
  expect(await ann.asks('lobby:start')).toMatchObject(refusal('NOT_READY'))
  await group[2].asks('lobby:leave')
  const duel = await ann.asks('lobby:update', { mode: 'duel' })
  expect(duel.lobby).toMatchObject({ capacity: 2, members: [{ team: 0 }, { team: 1 }] })
  await ready([ann, bob])
  expect(await ann.asks('lobby:start')).toMatchObject({ ok: true })
  expect(await ann.asks('lobby:update', { mode: 'party' })).toMatchObject(refusal('ALREADY_IN_MATCH'))
})

test('[LO12] a minute is a minute, also where lobbies stay for hardly longer', async () => {
  const world = await startWorld({ lobbies: { idleMs: 63_000 } })
  const { group, lobby } = await gathered(world, ['ann', 'bob'])
  await world.clock.advance(3_000)
  const closing = { lobbyId: lobby.id, at: world.clock.now() + 60_000 }
  for (const player of group) expect(await player.hears('lobby:closing')).toEqual(closing)
})

test('[LO71] a host cannot start with settings that the others have not agreed to', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await bob.asks('lobby:ready', { ready: true })
  const { lobby } = await ann.asks('lobby:update', { settings: { map: 'moor' } })
  expect(lobby.members).toMatchObject([{ ready: false }, { ready: false }])
  expect(await ann.asks('lobby:start')).toMatchObject(refusal('NOT_READY'))
  await bob.asks('lobby:ready', { ready: true })
  expect(await ann.asks('lobby:update', { name: 'Moor', settings: { map: 'moor' } })).toMatchObject({ ok: true })
  expect(await ann.asks('lobby:start')).toMatchObject({ ok: true })
})

test('[LO72] an absent member cannot be made the host', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  bob.drops()
  await ann.hears('lobby:state', ({ lobby }) => lobby.members[1].awayUntil !== null)
  const refused = await ann.asks('lobby:promote', { playerId: bob.id })
  expect(refused).toMatchObject({
    error: { code: 'FORBIDDEN', message: expect.stringContaining('bob is not connected') },
  })
})

test('[LO73] the host changes the capacity, within what the mode needs and who is here', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann', 'bob', 'cat'], { mode: 'party' })
  const [ann] = group
  expect((await ann.asks('lobby:update', { capacity: 3 })).lobby.capacity).toBe(3)
  for (const capacity of [1, 2, 9]) {
    expect(await ann.asks('lobby:update', { capacity })).toMatchObject(refusal('BAD_REQUEST'))
  }
  expect(
    await (await world.player('dan')).asks('lobby:join', { code: (await world.again(ann)).session.resumed.lobby.code }),
  ).toMatchObject(refusal('LOBBY_FULL'))
})

test('[LO12] a lobby in which nothing happens for half an hour is closed', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann', 'bob'])
  const [ann, bob] = group
  await world.clock.advance(IDLE_MS - 1)
  await bob.asks('lobby:ready', { ready: true })
  await world.clock.advance(IDLE_MS - 1)
  expect(await ann.heardSoFar('lobby:closed')).toEqual([])
  await world.clock.advance(1)
  for (const player of group.slice(0, 2)) {
    expect(await player.hears('lobby:closed')).toEqual({ lobbyId: lobby.id, reason: 'idle' })
    expect(await player.asks('lobby:leave')).toMatchObject(refusal('NOT_IN_LOBBY'))
  }
})
