import { expect, test } from 'vitest'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import { partyOf } from '../../support/parties.ts'
import { copyOf, troubledRecords } from '../../support/records.ts'
import { startWorld } from '../../support/world.ts'

const refused = (code: string) => ({ ok: false, error: { code } })

const namesIn = (party: { members: { name: string }[] }) => party.members.map(({ name }) => name)

test('[PY1] the creator of a party leads it, and others join by its code', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const { party } = await ann.asks('party:create')
  const alone = { leaderId: ann.id, capacity: 10, members: [{ playerId: ann.id, name: 'ann', status: 'present' }] }
  expect(party).toMatchObject(alone)
  const sloppily = ` ${party.code.slice(0, 5).toLowerCase()}-${party.code.slice(5)}`
  const joined = await bob.asks('party:join', { code: sloppily })
  expect(joined).toMatchObject({ ok: true, party: { id: party.id, leaderId: ann.id } })
  expect(namesIn(joined.party)).toEqual(['ann', 'bob'])
  expect(await ann.hears('party:state', (state) => state.party.members.length === 2)).toEqual({ party: joined.party })
  expect((await world.again(bob)).session.resumed).toEqual({ party: joined.party })
})

test('[PY1] a player is in one party, however many tabs ask for however many', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const tab = await world.again(bob)
  const { party } = await ann.asks('party:create')
  const replies = await Promise.all([
    bob.asks('party:join', { code: party.code }),
    tab.asks('party:create'),
    bob.asks('party:create'),
    tab.asks('party:join', { code: party.code }),
  ])
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  for (const reply of replies.filter(({ ok }) => !ok)) expect(reply).toMatchObject(refused('ALREADY_IN_PARTY'))
  const total = world.server.social.parties.size()
  expect(total).toBe(replies[0].ok || replies[3].ok ? 1 : 2)
})

test('[PY1] of two joins for the last place one is too late', async () => {
  const world = await startWorld()
  const { party } = await partyOf(world, ...'abcdefghi')
  const [yan, zoe] = await world.players('yan', 'zoe')
  const replies = await Promise.all([yan, zoe].map((player) => player.asks('party:join', { code: party.code })))
  expect(replies.map(({ ok }) => ok).sort()).toEqual([false, true])
  expect(replies.find(({ ok }) => !ok)).toMatchObject(refused('PARTY_FULL'))
})

test('[PY2] a player who guesses codes is locked out for the rest of the minute, even with the right code', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const { party } = await ann.asks('party:create')
  for (const code of ['__proto__', 'constructor', '💥', 'x'.repeat(64), '0', 'AAAAAAAAAA']) {
    expect(await bob.asks('party:join', { code })).toMatchObject(refused('INVITE_INVALID'))
  }
  for (const code of ['', 7, null, 'x'.repeat(65)]) {
    expect(await bob.asks('party:join', { code })).toMatchObject(refused('BAD_REQUEST'))
  }
  for (let n = 0; n < 4; n++) await bob.asks('party:join', { code: `WRONG${n}` })
  const tab = await world.again(bob)
  const locked = await tab.asks('party:join', { code: party.code })
  expect(locked).toMatchObject({ ok: false, error: { code: 'LOCKED', retryable: true, retryAfterMs: 60_000 } })
  await world.clock.advance(60_000)
  expect(await tab.asks('party:join', { code: party.code })).toMatchObject({ ok: true })
})

test('[PY2] a thousand guesses find nothing and cost nothing', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const { party } = await ann.asks('party:create')
  const seen = new Set<string>()
  for (let n = 0; n < 1_000; n++) {
    const reply = await bob.asks('party:join', { code: `GUESS${n}` })
    seen.add(reply.error.code)
    await world.clock.advance(10)
  }
  expect([...seen]).toEqual(['INVITE_INVALID', 'LOCKED'])
  await world.clock.advance(60_000)
  expect(await bob.asks('party:join', { code: party.code })).toMatchObject({ ok: true })
})

test('[PY3] an invitation reaches all devices of the player, and brings them in', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const phone = await world.again(bob)
  const { party } = await ann.asks('party:create')
  expect(await ann.asks('party:invite', { playerId: bob.id })).toEqual({ ok: true })
  const invitation = { partyId: party.id, code: party.code, from: { playerId: ann.id, name: 'ann' } }
  for (const device of [bob, phone]) expect(await device.hears('party:invited')).toEqual(invitation)
  expect(await phone.asks('party:join', { code: invitation.code })).toMatchObject({ ok: true })
})

test('[PY3] players who cannot be invited', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const cat = await world.player('cat')
  expect(await cat.asks('party:invite', { playerId: ann.id })).toMatchObject(refused('NOT_IN_PARTY'))
  for (const playerId of [ann.id, bob.id]) {
    expect(await ann.asks('party:invite', { playerId })).toMatchObject(refused('BAD_REQUEST'))
  }
  for (const playerId of ['__proto__', 'nobody', '💥']) {
    expect(await ann.asks('party:invite', { playerId })).toMatchObject(refused('NOT_FOUND'))
  }
  cat.leaves()
  await world.until(() => world.census().players === 2)
  expect(await ann.asks('party:invite', { playerId: cat.id })).toMatchObject(refused('NOT_FOUND'))
})

test('[PY3] [PR4] [PR21] an invitation never reaches a player who blocks the inviter, and the inviter is not told', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann] = members
  const cat = await world.player('cat')
  await cat.asks('player:block', { playerId: ann.id, blocked: true })
  const absent = await ann.asks('party:invite', { playerId: 'nobody' })
  expect(await ann.asks('party:invite', { playerId: cat.id })).toEqual(absent)
  expect(await cat.heardSoFar('party:invited')).toEqual([])
  await ann.asks('player:block', { playerId: cat.id, blocked: true })
  expect(await ann.asks('party:invite', { playerId: cat.id })).toMatchObject(refused('BLOCKED'))
})

test('[PY4] an absent member cannot be made the leader', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  bob.drops()
  await ann.hears('party:state', ({ party }) => party.members[1].status === 'away')
  const refusal = await ann.asks('party:promote', { playerId: bob.id })
  expect(refusal).toMatchObject(refused('FORBIDDEN'))
  expect(refusal.error.message).toContain('bob is not connected')
  await world.again(bob)
  expect(await ann.asks('party:promote', { playerId: bob.id })).toMatchObject({ ok: true })
})

test('[PY3] invitations are rate limited', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  const cat = await world.player('cat')
  for (let n = 0; n < 10; n++) {
    expect(await members[0].asks('party:invite', { playerId: cat.id })).toMatchObject({ ok: true })
  }
  const tooFast = { ok: false, error: { code: 'RATE_LIMITED', retryAfterMs: 2_000 } }
  expect(await members[0].asks('party:invite', { playerId: cat.id })).toMatchObject(tooFast)
  expect(await cat.heardSoFar('party:invited')).toHaveLength(10)
})

test('[PY4] the leader kicks and promotes, and nobody else does', async () => {
  const world = await startWorld()
  const { party, members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  expect(await bob.asks('party:kick', { playerId: cat.id })).toMatchObject(refused('NOT_PARTY_LEADER'))
  expect(await ann.asks('party:promote', { playerId: bob.id })).toEqual({ ok: true })
  expect((await cat.hears('party:state')).party).toMatchObject({ leaderId: bob.id, code: party.code })
  expect(await ann.asks('party:kick', { playerId: cat.id })).toMatchObject(refused('NOT_PARTY_LEADER'))
  expect(await bob.asks('party:kick', { playerId: cat.id })).toEqual({ ok: true })
  expect(await cat.hears('party:state')).toEqual({ party: null, reason: 'kicked' })
  expect(namesIn((await ann.hears('party:state', (state) => state.party.members.length === 2)).party)).toEqual([
    'ann',
    'bob',
  ])
  expect(await cat.asks('party:join', { code: party.code })).toMatchObject(refused('INVITE_INVALID'))
})

test('[PY4] a player kicked while joining again does not get in by the old code', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { party, members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob] = members
  const dan = await world.player('dan')
  const letGo = trouble.holdUp()
  const kicked = ann.asks('party:kick', { playerId: bob.id })
  await world.until(() => world.server.social.parties.size() === 1)
  await ann.heardSoFar('party:state')
  const late = dan.asks('party:join', { code: party.code })
  await dan.heardSoFar('party:state')
  letGo()
  expect(await kicked).toEqual({ ok: true })
  expect(await late).toMatchObject(refused('INVITE_INVALID'))
  expect(world.server.social.parties.groupOf(dan.id as never)).toBeNull()
})

test('[PY5] a drop keeps the place, and a reload costs nothing', async () => {
  const world = await startWorld()
  const { party, members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  ann.drops()
  const away = await bob.hears('party:state')
  expect(away.party).toMatchObject({ leaderId: ann.id, members: [{ status: 'away' }, { status: 'present' }] })
  await world.clock.advance(29_999)
  const timers = world.clock.pending
  const back = await world.again(ann)
  expect(world.clock.pending).toBe(timers - 1)
  expect(back.session.resumed.party).toMatchObject({ id: party.id, leaderId: ann.id })
  expect((await bob.hears('party:state')).party.members).toMatchObject([{ status: 'present' }, { status: 'present' }])
  await world.clock.advance(60_000)
  expect(await bob.heardSoFar('party:state')).toEqual([])
})

test('[PY5] a member who stays away loses the place, and a leader the lead to the member who has been in longest', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  ann.drops()
  await cat.hears('party:state', ({ party }) => party.members[0].status === 'away')
  await world.clock.advance(30_000)
  expect((await cat.hears('party:state')).party).toMatchObject({ leaderId: bob.id })
  const back = await world.again(ann)
  expect(back.session.resumed).toEqual({ ended: [expect.objectContaining({ what: 'party', reason: 'away' })] })
  expect(await back.asks('party:leave')).toMatchObject(refused('NOT_IN_PARTY'))
})

test('[PY5] a member who comes back just as the grace ends, before the others are told, stays', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  ann.drops()
  await bob.hears('party:state')
  const letGo = trouble.holdUp()
  const left = bob.asks('party:leave')
  await bob.heardSoFar('party:state')
  await world.clock.advance(30_000)
  await world.again(ann)
  letGo()
  await left
  const state = await cat.hears('party:state', ({ party }) => party.members.length < 3)
  expect(namesIn(state.party)).toEqual(['ann', 'cat'])
  await cat.asks('party:promote', { playerId: ann.id })
  expect((await cat.heardSoFar('party:state')).filter(({ party }) => party.members.length < 2)).toEqual([])
})

test('[PY5] a member who leaves while others stay, and the last one who leaves', async () => {
  const world = await startWorld()
  const { party, members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const tab = await world.again(ann)
  expect(await ann.asks('party:leave')).toEqual({ ok: true })
  for (const device of [ann, tab]) {
    expect(await device.hears('party:state', (state) => state.party === null)).toEqual({ party: null, reason: 'left' })
  }
  expect((await bob.hears('party:state')).party).toMatchObject({ leaderId: bob.id })
  await bob.asks('party:leave')
  expect(world.census().parties).toBe(0)
  expect(await ann.asks('party:join', { code: party.code })).toMatchObject(refused('INVITE_INVALID'))
})

test('[PY6] nothing about a party is told before it is stored, and what could not be stored did not happen', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { party, members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const cat = await world.player('cat')
  trouble.isFull = true
  expect(await cat.asks('party:join', { code: party.code })).toMatchObject(refused('UNAVAILABLE'))
  expect(await cat.asks('party:create')).toMatchObject(refused('UNAVAILABLE'))
  expect(await ann.asks('party:kick', { playerId: bob.id })).toMatchObject(refused('UNAVAILABLE'))
  bob.drops()
  await ann.hears('party:state')
  await world.clock.advance(30_000)
  expect(await ann.heardSoFar('party:state')).toEqual([])
  trouble.isFull = false
  await world.clock.advance(1_000)
  expect(namesIn((await ann.hears('party:state')).party)).toEqual(['ann'])
  expect(await cat.asks('party:join', { code: party.code })).toMatchObject({ ok: true })
})

test('[PY6] a player who disconnects while their joining is stored is away like any member', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { party, members } = await partyOf(world, 'ann', 'bob')
  const cat = await world.player('cat')
  const letGo = trouble.holdUp()
  cat.lobby.emit('party:join', { code: party.code })
  await cat.heardSoFar('party:state')
  cat.drops()
  await world.until(() => world.census().players === 2)
  letGo()
  await members[0].hears('party:state', (state) => state.party.members[2]?.status === 'away')
  await world.clock.advance(30_000)
  expect(namesIn((await members[0].hears('party:state', (s) => s.party.members.length === 2)).party)).toEqual([
    'ann',
    'bob',
  ])
})

test('[PY7] a party is there after a restart, and everyone has a full grace to come back', async () => {
  const records = openMemoryRecordStore()
  const before = await startWorld({ records })
  const { party, members } = await partyOf(before, 'ann', 'bob', 'cat')
  await members[0].asks('party:promote', { playerId: members[2].id })
  const after = await startWorld({ records: await copyOf(records) })
  const ann = await after.again(members[0])
  expect(ann.session.resumed.party).toMatchObject({ id: party.id, code: party.code, leaderId: members[2].id })
  expect(namesIn(ann.session.resumed.party)).toEqual(['ann', 'bob', 'cat'])
  await after.clock.advance(29_999)
  const bob = await after.again(members[1])
  await after.clock.advance(1)
  const left = await bob.hears('party:state', (state) => state.party.members.length === 2)
  expect(left.party).toMatchObject({ leaderId: ann.id, members: [{ name: 'ann' }, { name: 'bob' }] })
})

test('[PY7] a record that cannot be read costs that party alone', async () => {
  const records = openMemoryRecordStore()
  const member = { id: 'ann', name: 'ann' }
  const party = { id: 'good', code: 'GOODCODE22', leaderId: 'ann', members: [member] }
  const write = (id: string, value: unknown) => records.write([{ kind: 'party', id, value }])
  await write('good', party)
  await write('torn', { code: 7 })
  await write('leaderless', { ...party, id: 'leaderless', leaderId: 'bob', members: [member] })
  await write('twice', { ...party, id: 'twice', code: 'OTHERCODE2' })
  const world = await startWorld({ records })
  expect(world.census().parties).toBe(1)
  expect((await records.load('party')).map(({ id }) => id)).toEqual(['good'])
  expect(world.logged.filter(({ level }) => level === 'error')).toHaveLength(3)
})

test('the members of a party, as the queue and chat ask for them', async () => {
  const world = await startWorld()
  const { party, members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const group = { partyId: party.id, leaderId: ann.id }
  const both = [
    { id: ann.id, name: 'ann' },
    { id: bob.id, name: 'bob' },
  ]
  expect(world.server.social.parties.groupOf(bob.id as never)).toEqual({ ...group, members: both })
  expect(world.server.social.parties.groupOf('__proto__' as never)).toBeNull()
})
