import { expect, test } from 'vitest'
import { troubledRecords } from '../../support/records.ts'
import { startWorld } from '../../support/world.ts'
import { forgetsNews, gathered, namesIn, refusal } from './gathering.ts'

const about = { mode: 'duel', name: 'The Keep', visibility: 'public' }

test('[LO1] the creator of a lobby is its host, with the settings asked for', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const settings = { map: 'moor', rounds: [1, 2] }
  const { lobby } = await ann.asks('lobby:create', {
    ...about,
    name: ' The  Keep ',
    mode: 'squad',
    capacity: 10,
    settings,
  })
  expect(lobby).toMatchObject({
    mode: 'squad',
    name: 'The  Keep',
    visibility: 'public',
    hasPassword: false,
    capacity: 10,
    teams: { count: 2, size: 5 },
    settings,
    locked: false,
    state: 'open',
    host: ann.id,
    createdAt: world.clock.now(),
    members: [{ playerId: ann.id, name: 'ann', team: 0, ready: false, joinedAt: world.clock.now(), awayUntil: null }],
  })
  expect(lobby.code).toMatch(/^[2-9A-Z]{10}$/)
  expect(await ann.hears('lobby:state')).toEqual({ lobby })
})

test.each([
  [{ mode: 'chess' }, 'UNKNOWN_MODE'],
  [{ name: '   ' }, 'NAME_INVALID'],
  [{ name: 'a\u202Eb' }, 'NAME_INVALID'],
  [{ name: 'x'.repeat(41) }, 'NAME_INVALID'],
  [{ capacity: 3 }, 'BAD_REQUEST'],
  [{ capacity: 0 }, 'BAD_REQUEST'],
  [{ visibility: 'secret' }, 'BAD_REQUEST'],
  [{ password: '' }, 'BAD_REQUEST'],
  [{ host: 'me' }, 'BAD_REQUEST'],
  [{ settings: [] }, 'BAD_REQUEST'],
  [{ settings: { text: 'x'.repeat(4_096) } }, 'TOO_LARGE'],
])('[LO23] a lobby cannot be created with %j', async (change, code) => {
  const world = await startWorld()
  const ann = await world.player('ann')
  expect(await ann.asks('lobby:create', { ...about, ...change })).toMatchObject(refusal(code))
  expect(world.census().lobbies).toBe(0)
})

test('[LO2] a code is accepted in any spelling, and the members see the new one', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann'])
  const bob = await world.player('bob')
  const typed = `${lobby.code.slice(0, 5)}-${lobby.code.slice(5)} `.toLowerCase()
  const joined = await bob.asks('lobby:join', { code: typed })
  expect(namesIn(joined.lobby)).toEqual(['ann', 'bob'])
  expect(await group[0].hears('lobby:state')).toEqual({ lobby: joined.lobby })
  expect(await bob.hears('lobby:state')).toEqual({ lobby: joined.lobby })
})

test('[LO2] a private lobby is joined by its code alone, a public one by its id as well', async () => {
  const world = await startWorld()
  const [bob, cat] = await world.players('bob', 'cat')
  const secret = await gathered(world, ['ann'], { visibility: 'private' })
  expect(await bob.asks('lobby:join', { lobbyId: secret.lobby.id })).toMatchObject(refusal('NOT_FOUND'))
  expect(await bob.asks('lobby:join', { code: secret.lobby.code })).toMatchObject({ ok: true })
  const open = await gathered(world, ['dan'])
  expect(await cat.asks('lobby:join', { lobbyId: open.lobby.id })).toMatchObject({ ok: true })
})

test('[LO2] a lobby that does not exist is not found', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  expect(await ann.asks('lobby:join', { lobbyId: '__proto__' })).toMatchObject(refusal('NOT_FOUND'))
  expect(await ann.asks('lobby:join', { code: 'NOSUCHCODE' })).toMatchObject(refusal('INVITE_INVALID'))
  expect(await ann.asks('lobby:join', {})).toMatchObject(refusal('BAD_REQUEST'))
  expect(await ann.asks('lobby:join', { lobbyId: 'x', code: 'y' })).toMatchObject(refusal('BAD_REQUEST'))
  for (const event of ['leave', 'start']) {
    expect(await ann.asks(`lobby:${event}`)).toMatchObject(refusal('NOT_IN_LOBBY'))
  }
})

test('[LO2] [LO3] neither code nor password is in any list, refusal or log', async () => {
  const world = await startWorld()
  const password = 'open sesame'
  const { lobby } = await gathered(world, ['ann'], { password })
  const secret = await gathered(world, ['dan'], { visibility: 'private' })
  const bob = await world.player('bob')
  const said = [
    await bob.asks('lobby:list'),
    await bob.asks('lobby:watch'),
    await bob.asks('lobby:join', { lobbyId: lobby.id }),
    await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'close sesame' }),
    await bob.asks('lobby:join', { lobbyId: secret.lobby.id }),
    await bob.asks('lobby:join', { code: `${secret.lobby.code}X` }),
  ]
  for (const text of [JSON.stringify(said), JSON.stringify(world.logged)]) {
    expect(text).not.toContain(lobby.code)
    expect(text).not.toContain(secret.lobby.code)
    expect(text).not.toContain('sesame')
  }
  expect(JSON.stringify(said)).not.toContain(secret.lobby.id)
})

test('[LO3] a password is wanted by id and by code', async () => {
  const world = await startWorld()
  const { lobby } = await gathered(world, ['ann'], { password: 'ｓesame', mode: 'party' })
  expect(lobby.hasPassword).toBe(true)
  for (const key of [{ lobbyId: lobby.id }, { code: lobby.code }]) {
    const bob = await world.player('bob')
    expect(await bob.asks('lobby:join', key)).toMatchObject(refusal('WRONG_PASSWORD'))
    expect(await bob.asks('lobby:join', { ...key, password: 'Sesame' })).toMatchObject(refusal('WRONG_PASSWORD'))
    expect(await bob.asks('lobby:join', { ...key, password: 'sesame' })).toMatchObject({ ok: true })
  }
})

test('[LO4] a code guessed a thousand times opens nothing, and then not the right one either', async () => {
  const world = await startWorld()
  const { lobby } = await gathered(world, ['ann'], { visibility: 'private' })
  const eve = await world.player('eve')
  const codes = new Set<string>()
  for (let n = 0; n < 1_000; n += 100) {
    const tries = Array.from({ length: 100 }, (_, k) => eve.asks('lobby:join', { code: `GUESS${n + k}` }))
    for (const { error } of await Promise.all(tries)) codes.add(error.code)
    await world.clock.advance(1_000)
  }
  expect([...codes]).toEqual(['INVITE_INVALID', 'LOCKED'])
  const tab = await world.again(eve)
  const locked = await tab.asks('lobby:join', { code: lobby.code })
  expect(locked).toMatchObject({ error: { code: 'LOCKED', retryable: true } })
  await world.clock.advance(locked.error.retryAfterMs)
  expect(await tab.asks('lobby:join', { code: lobby.code })).toMatchObject({ ok: true })
})

test('[LO4] passwords that are guessed all at once count one by one', async () => {
  const world = await startWorld()
  const { lobby } = await gathered(world, ['ann'], { password: 'sesame' })
  const eve = await world.player('eve')
  const guessLimit = [...Array.from({ length: 15 }, (_, n) => `guess ${n}`), 'sesame']
  const replies = await Promise.all(
    guessLimit.map((password) => eve.asks('lobby:join', { lobbyId: lobby.id, password })),
  )
  const codes = replies.map(({ error }) => error?.code)
  expect(codes).toEqual([...Array(10).fill('WRONG_PASSWORD'), ...Array(6).fill('LOCKED')])
})

test('[LO5] of two players who join for the last place, one gets it', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann'])
  const [bob, cat] = await world.players('bob', 'cat')
  const replies = await Promise.all([bob, cat].map((one) => one.asks('lobby:join', { code: lobby.code })))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  expect(replies.filter(({ error }) => error?.code === 'LOBBY_FULL')).toHaveLength(1)
  const states = await group[0].heardSoFar('lobby:state')
  expect(states.map((state) => state.lobby.members.length)).toEqual([2])
})

test('[LO5] [LO8] a locked lobby refuses players until it is unlocked', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann'])
  const bob = await world.player('bob')
  expect((await group[0].asks('lobby:update', { locked: true })).lobby.locked).toBe(true)
  expect(await bob.asks('lobby:join', { code: lobby.code })).toMatchObject(refusal('LOBBY_LOCKED'))
  await group[0].asks('lobby:update', { locked: false })
  expect(await bob.asks('lobby:join', { code: lobby.code })).toMatchObject({ ok: true })
})

test('[LO1] joining one’s own lobby again, on any tab, changes nothing', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann', 'bob'])
  await group[0].asks('lobby:update', { password: 'sesame', locked: true, visibility: 'private' })
  const tab = await world.again(group[1])
  await forgetsNews(group[0])
  expect(await tab.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject({ ok: true, lobby: { id: lobby.id } })
  expect(await group[0].heardSoFar('lobby:state')).toEqual([])
})

test('switching rooms: a player who joins another lobby leaves the first, and hears the new one only', async () => {
  const world = await startWorld()
  const first = await gathered(world, ['ann', 'bob'])
  const second = await gathered(world, ['cat'])
  const [ann, bob] = first.group
  const [cat] = second.group
  expect(await bob.asks('lobby:join', { code: second.lobby.code })).toMatchObject({ ok: true })
  expect(await bob.hears('lobby:left')).toEqual({ lobbyId: first.lobby.id })
  expect(namesIn((await ann.hears('lobby:state')).lobby)).toEqual(['ann'])
  expect(namesIn((await cat.hears('lobby:state')).lobby)).toEqual(['cat', 'bob'])
  await forgetsNews(bob)
  await ann.asks('lobby:ready', { ready: true })
  await cat.asks('lobby:ready', { ready: true })
  const heard = await bob.heardSoFar('lobby:state')
  expect(heard.map(({ lobby }) => lobby.id)).toEqual([second.lobby.id])
})

test('[LO1] [LO12] the creator of a lobby leaves the one before, which is removed when it is empty', async () => {
  const world = await startWorld()
  const { group } = await gathered(world, ['ann'])
  const [ann] = group
  const replies = await Promise.all([ann.asks('lobby:create', about), ann.asks('lobby:create', about)])
  expect(replies).toMatchObject([{ ok: true }, { ok: true }])
  expect(world.census().lobbies).toBe(1)
  expect((await world.again(ann)).session.resumed.lobby).toEqual(replies[1].lobby)
})

test('[LO6] in a hurry one joins the fullest lobby that fits', async () => {
  const world = await startWorld()
  await gathered(world, ['ann'], { mode: 'party' })
  const fuller = await gathered(world, ['bob', 'cat'], { mode: 'party' })
  await gathered(world, ['dan', 'eve', 'fay'], { mode: 'party', visibility: 'private' })
  await gathered(world, ['guy', 'hal', 'ida'], { mode: 'party', capacity: 3 })
  await gathered(world, ['jon'], { mode: 'duel' })
  const guarded = await gathered(world, ['kay', 'lee', 'mia'], { mode: 'party' })
  await guarded.group[0].asks('lobby:update', { password: 'sesame' })
  const zoe = await world.player('zoe')
  expect(await zoe.asks('lobby:quick', { mode: 'party' })).toMatchObject({ ok: true, lobby: { id: fuller.lobby.id } })
  expect(await zoe.asks('lobby:quick', { mode: 'party' })).toMatchObject({ ok: true, lobby: { id: fuller.lobby.id } })
})

test('[LO6] without a fitting lobby one is created, and the next player joins it', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const [first, again] = await Promise.all([
    ann.asks('lobby:quick', { mode: 'duel' }),
    ann.asks('lobby:quick', { mode: 'duel' }),
  ])
  expect(first.lobby).toMatchObject({ name: 'ann’s lobby', visibility: 'public', host: ann.id })
  expect(again.lobby.id).toBe(first.lobby.id)
  const others = await Promise.all(['bob', 'cat', 'dan'].map((name) => world.player(name)))
  const replies = await Promise.all(others.map((player) => player.asks('lobby:quick', { mode: 'duel' })))
  expect(replies.filter(({ lobby }) => lobby.id === first.lobby.id)).toHaveLength(1)
  expect(world.census().lobbies).toBe(2)
  expect(await ann.asks('lobby:quick', { mode: 'chess' })).toMatchObject(refusal('UNKNOWN_MODE'))
})

test.each([
  ['duel', [2, 2, 2, 2, 2, 2]],
  ['party', [8, 4]],
])('[LO6] twelve who ask for %s at the same time are together', async (mode, sizes) => {
  const { records, holdUp } = troubledRecords()
  const world = await startWorld({ records })
  const players = await Promise.all(Array.from({ length: 12 }, (_, n) => world.player(`p${n}`)))
  const goOn = holdUp()
  const asking = players.map((player) => player.asks('lobby:quick', { mode }))
  for (const player of players) await player.heardSoFar('lobby:state')
  goOn()
  const replies = await Promise.all(asking)
  const members = new Map<string, number>()
  for (const { lobby } of replies) members.set(lobby.id, (members.get(lobby.id) ?? 0) + 1)
  expect([...members.values()].sort((a, b) => b - a)).toEqual(sizes)
})

test('[LO6] lobby:quick skips lobbies without their host or full of absent members', async () => {
  const world = await startWorld()
  const absent = await gathered(world, ['ann', 'bob', 'cat', 'dan'], { mode: 'party' })
  const present = await gathered(world, ['eve', 'fay', 'guy'], { mode: 'party' })
  const [, bob, cat] = absent.group
  for (const player of [bob, cat]) player.drops()
  await absent.group[0].hears(
    'lobby:state',
    ({ lobby }) => lobby.members.filter((m: { awayUntil: unknown }) => m.awayUntil).length === 2,
  )
  const zoe = await world.player('zoe')
  expect((await zoe.asks('lobby:quick', { mode: 'party' })).lobby.id).toBe(present.lobby.id)
  present.group[0].drops()
  await zoe.hears('lobby:state', ({ lobby }) => lobby.members[0].awayUntil !== null)
  const yan = await world.player('yan')
  expect((await yan.asks('lobby:quick', { mode: 'party' })).lobby.id).toBe(absent.lobby.id)
})

test('[LO3] no password is not a wrong one, and counts as no guess', async () => {
  const world = await startWorld()
  const { lobby } = await gathered(world, ['ann'], { password: 'sesame' })
  const bob = await world.player('bob')
  for (let n = 0; n < 12; n++) {
    expect((await bob.asks('lobby:join', { lobbyId: lobby.id })).error).toMatchObject({
      code: 'WRONG_PASSWORD',
      message: 'This lobby wants a password.',
    })
  }
  expect((await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'x' })).error.message).toBe(
    'The password is wrong.',
  )
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'sesame' })).toMatchObject({ ok: true })
})

test('[LO4] after ten wrong codes a lobby without code and password still lets the player in', async () => {
  const world = await startWorld()
  const { lobby } = await gathered(world, ['ann'])
  const secret = await gathered(world, ['dan'], { password: 'sesame' })
  const bob = await world.player('bob')
  for (let n = 0; n < 10; n++) await bob.asks('lobby:join', { code: `GUESS${n}` })
  expect(await bob.asks('lobby:join', { code: lobby.code })).toMatchObject(refusal('LOCKED'))
  const guarded = { lobbyId: secret.lobby.id, password: 'sesame' }
  expect(await bob.asks('lobby:join', guarded)).toMatchObject(refusal('LOCKED'))
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject({ ok: true })
  expect(await bob.asks('lobby:quick', { mode: 'party' })).toMatchObject({ ok: true })
})

test('[LO4] the host is told of passwords that are tried all at once, too', async () => {
  const world = await startWorld()
  const { lobby, group } = await gathered(world, ['ann'], { password: 'sesame' })
  const guests = await Promise.all(['bob', 'cleo', 'dan', 'eve'].map((name) => world.player(name)))
  const tries = guests.flatMap((guest) =>
    Array.from({ length: 3 }, (_, n) => guest.asks('lobby:join', { lobbyId: lobby.id, password: `${n}` })),
  )
  await Promise.all(tries)
  expect(await group[0].hears('lobby:guessed')).toEqual({ lobbyId: lobby.id, wrong: expect.any(Number) })
  expect(await group[0].heardSoFar('lobby:guessed')).toEqual([])
})

test('[LO4] a password guessed by ever new guests is locked, and the host is told', async () => {
  const world = await startWorld()
  const { lobby, group } = await gathered(world, ['ann'], { password: 'sesame' })
  const [ann] = group
  const tab = await world.again(ann)
  const codes: string[] = []
  for (let n = 0; n < 36; n++) {
    const guest = await world.player(`guest${n}`)
    codes.push((await guest.asks('lobby:join', { lobbyId: lobby.id, password: `${n}` })).error.code)
    guest.leaves()
  }
  expect(codes).toEqual([...Array(30).fill('WRONG_PASSWORD'), ...Array(6).fill('LOCKED')])
  const told = { lobbyId: lobby.id, wrong: 10 }
  for (const device of [ann, tab]) expect(await device.hears('lobby:guessed')).toEqual(told)
  expect(await ann.heardSoFar('lobby:guessed')).toMatchObject([{ wrong: 20 }, { wrong: 30 }])
  const bob = await world.player('bob')
  const late = await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'sesame' })
  expect(late).toMatchObject({ error: { code: 'LOCKED', retryable: true } })
  await world.clock.advance(late.error.retryAfterMs)
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id, password: 'sesame' })).toMatchObject({ ok: true })
})
