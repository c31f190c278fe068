import { expect, test } from 'vitest'
import { partyOf } from '../../support/parties.ts'
import type { Player } from '../../support/player.ts'
import { troubledRecords } from '../../support/records.ts'
import { startWorld } from '../../support/world.ts'

const refused = (code: string) => ({ ok: false, error: { code } })
const party = { party: true }
const match = { match: true }
const say = (player: Player, to: object, text: string) => player.asks('chat:send', { to, text })
const heard = async (player: Player) => (await player.heardSoFar('chat:message')).map(({ text }) => text)
const texts = ({ messages }: { messages: { text: string }[] }) => messages.map(({ text }) => text)

test('[CH1] a message to a party reaches its other members, and no other player', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  const dan = await world.player('dan')
  const { ok, messageId, at } = await say(ann, party, 'hello <b>you</b>\n\t👋')
  expect([ok, at]).toEqual([true, world.clock.now()])
  const message = { messageId, from: { playerId: ann.id, name: 'ann' }, to: party, text: 'hello <b>you</b>\n\t👋', at }
  for (const player of [bob, cat]) expect(await player.hears('chat:message')).toEqual(message)
  for (const player of [ann, dan]) expect(await heard(player)).toEqual([])
})

test('every device of a user hears all messages, also those sent on another device', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const [annsPhone, bobsPhone] = [await world.again(ann), await world.again(bob)]
  await say(ann, party, 'to all of you')
  await say(annsPhone, { playerId: bob.id }, 'to you alone')
  expect(await heard(ann)).toEqual(['to you alone'])
  expect(await heard(annsPhone)).toEqual(['to all of you'])
  for (const device of [bob, bobsPhone]) expect(await heard(device)).toEqual(['to all of you', 'to you alone'])
})

test('a private message by a player’s own room: one player hears it, wherever they are', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const eve = await world.player('eve')
  const { messageId, at } = await say(ann, { playerId: bob.id }, 'psst')
  const to = { playerId: bob.id }
  const message = { messageId, from: { playerId: ann.id, name: 'ann' }, to, text: 'psst', at }
  expect(await bob.hears('chat:message')).toEqual(message)
  expect(await heard(eve)).toEqual([])
  expect(await bob.asks('chat:history', { to: { playerId: ann.id } })).toMatchObject({ messages: [message] })
  expect(await ann.asks('chat:history', { to })).toMatchObject({ messages: [message] })
  expect(await eve.asks('chat:history', { to: { playerId: ann.id } })).toMatchObject({ messages: [] })
})

test('switching rooms: a player who changes the party hears and reads only the new one', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const { party: other, members: others } = await partyOf(world, 'cat', 'dan')
  const [cat, dan] = others
  await say(ann, party, 'in the first')
  await bob.hears('chat:message')
  await say(cat, party, 'in the second')
  await bob.asks('party:leave')
  await bob.asks('party:join', { code: other.code })
  expect(texts(await bob.asks('chat:history', { to: party }))).toEqual(['in the second'])
  await say(ann, party, 'not for bob')
  await say(bob, party, 'not for ann')
  expect(await dan.hears('chat:message', ({ text }) => text === 'not for ann')).toBeTruthy()
  expect(await heard(bob)).toEqual([])
  expect(await heard(ann)).toEqual([])
})

test('[CH1] [CH7] those in a lobby talk there and nowhere else, and their talk goes with the lobby', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const cat = await world.player('cat')
  const inLobby = { lobby: true }
  const create = (player: Player) => player.asks('lobby:create', { mode: 'duel', name: 'x', visibility: 'public' })
  const { lobby } = await create(ann)
  await create(cat)
  expect(await bob.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject({ ok: true })
  await say(ann, inLobby, 'hello')
  expect(await bob.hears('chat:message')).toMatchObject({ text: 'hello', to: inLobby, from: { name: 'ann' } })
  expect(await heard(cat)).toEqual([])
  expect(texts(await cat.asks('chat:history', { to: inLobby }))).toEqual([])
  expect(texts(await bob.asks('chat:history', { to: inLobby }))).toEqual(['hello'])
  await bob.asks('lobby:leave')
  expect(await say(bob, inLobby, 'x')).toMatchObject(refused('NOT_IN_LOBBY'))
  expect(world.census().chats).toBe(1)
  await ann.asks('lobby:leave')
  expect(world.census().chats).toBe(0)
})

test('[CH2] after a match its players still talk, until it is closed or they play another', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  for (const player of group) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  await ann.hears('match:event', ({ type }) => type === 'result.final')
  expect(await say(ann, match, 'gg')).toMatchObject({ ok: true })
  expect(await bob.hears('chat:message')).toMatchObject({ text: 'gg', to: match })
  const cat = await world.player('cat')
  await world.queue([bob, cat], 'duel')
  await say(ann, match, 'another one?')
  expect(await heard(bob)).toEqual([])
  expect(await say(bob, match, 'hello')).toMatchObject({ ok: true })
  expect(await cat.hears('chat:message')).toMatchObject({ text: 'hello' })
  expect(await heard(ann)).toEqual([])
  await world.clock.advance(20_000)
  expect(await say(ann, match, 'anybody?')).toMatchObject(refused('NOT_IN_MATCH'))
})

test('[CH2] those with a seat in a match talk to each other', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const eve = await world.player('eve')
  eve.match.connect()
  expect(await eve.asks('match:join', { matchId, as: 'spectator' })).toMatchObject({ ok: true })
  await say(ann, match, 'good luck')
  expect(await bob.hears('chat:message')).toMatchObject({ text: 'good luck', to: match })
  expect(await heard(eve)).toEqual([])
  expect(await say(eve, match, 'go ann')).toMatchObject(refused('NOT_IN_MATCH'))
  expect(await eve.asks('chat:history', { to: match })).toMatchObject(refused('NOT_IN_MATCH'))
  expect(texts(await bob.asks('chat:history', { to: match }))).toEqual(['good luck'])
  await bob.asks('match:leave')
  expect(await say(bob, match, 'bye')).toMatchObject(refused('NOT_IN_MATCH'))
  await say(ann, match, 'alone')
  expect(await heard(bob)).toEqual([])
  await ann.asks('match:leave')
  await world.clock.advance(20_000)
  expect(world.census().chats).toBe(0)
})

test('[CH2] a player can only speak in a party, lobby or match that they are in', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  for (const [to, code] of [
    [party, 'NOT_IN_PARTY'],
    [{ lobby: true }, 'NOT_IN_LOBBY'],
    [match, 'NOT_IN_MATCH'],
    [{ playerId: 'nobody' }, 'NOT_FOUND'],
    [{ playerId: '__proto__' }, 'NOT_FOUND'],
    [{ playerId: ann.id }, 'BAD_REQUEST'],
    [{ party: false }, 'BAD_REQUEST'],
    [{ party: true, match: true }, 'BAD_REQUEST'],
    [{ everyone: true }, 'BAD_REQUEST'],
    [null, 'BAD_REQUEST'],
  ] as const) {
    expect(await ann.asks('chat:send', { to, text: 'hello' }), JSON.stringify(to)).toMatchObject(refused(code))
    expect(await ann.asks('chat:history', { to }), JSON.stringify(to)).toMatchObject(refused(code))
  }
})

test.each([
  ['nothing', '', 'BAD_REQUEST'],
  ['501 characters', 'x'.repeat(501), 'TOO_LARGE'],
  ['501 characters that take two units each', '💥'.repeat(501), 'TOO_LARGE'],
  ['half a character', 'a\uD800b', 'BAD_REQUEST'],
  ['a NUL', 'a\0b', 'BAD_REQUEST'],
  ['an escape sequence', '\x1b[31mred', 'BAD_REQUEST'],
  ['a number', 7, 'BAD_REQUEST'],
])('[CH3] not a message: %s', async (_what, text, code) => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  expect(await ann.asks('chat:send', { to: { playerId: bob.id }, text })).toMatchObject(refused(code))
  expect(await heard(bob)).toEqual([])
})

test('[CH3] a message arrives unchanged, and its text is never logged', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  for (const text of [
    '💥'.repeat(500),
    '<script>alert(1)</script>',
    '{"__proto__":1}',
    '\u202Eabc',
    'e\u0301',
    '   ',
  ]) {
    await world.clock.advance(1_000)
    expect(await say(ann, { playerId: bob.id }, text)).toMatchObject({ ok: true })
    expect((await bob.hears('chat:message')).text).toBe(text)
  }
  expect(JSON.stringify(world.logged)).not.toContain('script')
})

test('[CH4] a player never hears those they block, and the blocked one is not told', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  await ann.asks('player:block', { playerId: bob.id, blocked: true })
  expect(await say(bob, party, 'to the party')).toMatchObject({ ok: true })
  expect(await say(bob, { playerId: ann.id }, 'to ann')).toMatchObject({ ok: true })
  expect(await cat.hears('chat:message')).toMatchObject({ text: 'to the party' })
  expect(await heard(ann)).toEqual([])
  expect(texts(await ann.asks('chat:history', { to: party }))).toEqual([])
  expect(texts(await ann.asks('chat:history', { to: { playerId: bob.id } }))).toEqual([])
  expect(texts(await bob.asks('chat:history', { to: { playerId: ann.id } }))).toEqual(['to ann'])
  ann.leaves()
  await world.until(() => world.census().players === 2)
  await say(bob, { playerId: ann.id }, 'while you were away')
  const back = await world.again(ann)
  expect(await heard(back)).toEqual([])
  expect(await say(back, { playerId: bob.id }, 'x')).toMatchObject(refused('BLOCKED'))
  await say(back, party, 'you may hear me')
  expect(await bob.hears('chat:message', ({ text }) => text === 'you may hear me')).toBeTruthy()
})

test('[CH5] five messages at once, then one a second, on all devices together', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const phone = await world.again(ann)
  const to = { playerId: bob.id }
  for (let n = 0; n < 5; n++) expect(await say(n % 2 ? ann : phone, to, `${n}`)).toMatchObject({ ok: true })
  const tooFast = { ok: false, error: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1_000 } }
  for (const device of [ann, phone, ann]) expect(await say(device, to, 'more')).toMatchObject(tooFast)
  await world.clock.advance(999)
  expect(await say(ann, to, 'more')).toMatchObject({ error: { retryAfterMs: 1 } })
  await world.clock.advance(1)
  expect(await say(ann, to, 'more')).toMatchObject({ ok: true })
  expect(await say(ann, to, 'more')).toMatchObject(tooFast)
  expect(await heard(bob)).toEqual(['0', '1', '2', '3', '4', 'more'])
})

test('[CH6] a player who comes later reads the last hundred messages, page by page', async () => {
  const world = await startWorld()
  const { party: ours, members } = await partyOf(world, 'ann', 'bob')
  const [ann] = members
  for (let n = 1; n <= 103; n++) {
    await world.clock.advance(1_000)
    await say(ann, party, `${n}`)
  }
  const cat = await world.player('cat')
  await cat.asks('party:join', { code: ours.code })
  const last = await cat.asks('chat:history', { to: party, limit: 60 })
  expect(texts(last)).toEqual(Array.from({ length: 60 }, (_, n) => `${44 + n}`))
  expect(last.hasOlder).toBe(true)
  const before = last.messages[0].messageId
  const first = await cat.asks('chat:history', { to: party, before, limit: 60 })
  expect(texts(first)).toEqual(Array.from({ length: 40 }, (_, n) => `${4 + n}`))
  expect(first.hasOlder).toBe(false)
  expect(await cat.asks('chat:history', { to: party, before: 'long gone' })).toMatchObject({
    messages: [],
    hasOlder: false,
  })
  for (const limit of [0, 101, 1.5]) {
    expect(await cat.asks('chat:history', { to: party, limit })).toMatchObject(refused('BAD_REQUEST'))
  }
  expect((await cat.asks('chat:history', { to: party })).messages).toHaveLength(50)
})

test('[CH6] reading has a pace too', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  for (let n = 0; n < 10; n++) await ann.asks('chat:history', { to: { playerId: bob.id } })
  const reply = await ann.asks('chat:history', { to: { playerId: bob.id } })
  expect(reply).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 500 } })
})

test('[CH7] a message that could not be stored is not delivered', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  trouble.isFull = true
  expect(await say(ann, party, 'lost')).toMatchObject(refused('UNAVAILABLE'))
  expect(await say(ann, { playerId: bob.id }, 'lost')).toMatchObject(refused('UNAVAILABLE'))
  trouble.isFull = false
  expect(await heard(bob)).toEqual([])
  expect(texts(await bob.asks('chat:history', { to: party }))).toEqual([])
})

test('[CH7] a message reaches the members of the party after it is stored', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const { members } = await partyOf(world, 'ann', 'bob', 'cat')
  const [ann, bob, cat] = members
  const letGo = trouble.holdUp()
  const left = bob.asks('party:leave')
  await bob.heardSoFar('party:state')
  const said = [say(ann, party, 'one'), say(bob, party, 'two'), say(ann, party, 'three')]
  await ann.heardSoFar('chat:message')
  await bob.heardSoFar('chat:message')
  expect(await heard(cat)).toEqual([])
  letGo()
  expect(await left).toMatchObject({ ok: true })
  expect((await Promise.all(said))[1]).toMatchObject(refused('NOT_IN_PARTY'))
  expect(await heard(cat)).toEqual(['one', 'three'])
  expect(await heard(bob)).toEqual([])
})

test('[CH7] a message stored after its party has gone is not delivered, and is removed', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const [ann, bob] = await world.players('ann', 'bob')
  await ann.asks('party:create')
  const letGo = trouble.holdUp()
  const left = ann.asks('party:leave')
  await ann.heardSoFar('chat:message')
  const said = say(ann, party, 'hello?')
  await ann.heardSoFar('chat:message')
  letGo()
  expect(await left).toMatchObject({ ok: true })
  expect(await said).toMatchObject({ ok: true })
  expect(await heard(bob)).toEqual([])
  expect(world.census().chats).toBe(0)
  expect(await trouble.records.load('chat')).toEqual([])
})

test('[CH2] a match that not all have accepted yet has no talk', async () => {
  const world = await startWorld({ mode: { readyCheckMs: 10_000 } })
  const [ann, bob] = await world.players('ann', 'bob')
  for (const player of [ann, bob]) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  await ann.hears('match:proposed')
  expect(await say(ann, match, 'accept!')).toMatchObject(refused('NOT_IN_MATCH'))
})

test('[CH7] the talk of a party goes with it', async () => {
  const world = await startWorld()
  const { members } = await partyOf(world, 'ann', 'bob')
  await say(members[0], party, 'hello')
  expect(world.census().chats).toBe(1)
  for (const member of members) await member.asks('party:leave')
  expect(world.census().chats).toBe(0)
})
