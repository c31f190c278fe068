import { expect, test } from 'vitest'
import { isEmpty } from '../../src/gateway/connection/on-demand.ts'
import { rawConnection } from '../support/raw.ts'
import { startWorld, type World } from '../support/world.ts'

const TOO_LARGE = expect.objectContaining({ code: 'TOO_LARGE' })
const ofBytes = (bytes: number) => 'x'.repeat(bytes)

async function inBoth(world: World) {
  const raw = await rawConnection(world)
  raw.sendTogether(['40/lobby,{}', '40/match,{}'])
  await raw.hears('42/lobby,["session"')
  await raw.hears('40/match,')
  return raw
}
const sessionsIn = (heard: readonly string[]) =>
  heard.filter((text) => text.startsWith('42/lobby,["session"')).map((text) => JSON.parse(text.slice(9))[1])

test('[DR20] an event of 16 to 64 KiB is refused, with an ack and without', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  for (const bytes of [16_384, 40_000, 65_000]) {
    const large = { mode: ofBytes(bytes) }
    for (const event of ['queue:join', 'made-up', 'say "hello"', '']) {
      expect(await ann.lobby.emitWithAck(event, large)).toEqual({ ok: false, error: TOO_LARGE })
      ann.lobby.emit(event, large)
      expect(await ann.hears('refused')).toEqual({ event, error: TOO_LARGE })
    }
    for (const event of ['match:send', 'match:act'])
      expect(await ann.match.emitWithAck(event, large)).toEqual({ ok: false, error: TOO_LARGE })
    ann.sends(large)
    expect(await ann.hears('refused')).toEqual({ event: 'match:send', error: TOO_LARGE })
  }
  ann.sends('small')
  expect(await bob.hears('match:message')).toEqual([0, 'small'])
})

test('[DR20] a packet of exactly 16 KiB is read', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const around = '42/match,["match:send",""]'.length
  const fits = ofBytes(16_384 - around)
  group[0].sends(fits)
  expect(await group[1].hears('match:message')).toEqual([0, fits])
  group[0].sends(`${fits}x`)
  expect(await group[0].hears('refused')).toEqual({ event: 'match:send', error: TOO_LARGE })
  group[0].sends(`é${fits.slice(1)}`)
  expect(await group[0].hears('refused')).toEqual({ event: 'match:send', error: TOO_LARGE })
})

test.each([
  ['one attachment', [Buffer.alloc(40_000)]],
  ['many attachments that are large together', [Buffer.alloc(6_000), Buffer.alloc(6_000), Buffer.alloc(6_000)]],
  ['a text that is large beside its attachment', [Buffer.alloc(10), ofBytes(20_000)]],
])('[DR20] binary data of more than 16 KiB is refused: %s', async (_what, data) => {
  const world = await startWorld({ mode: { relay: { binary: true } } })
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  expect(await ann.match.emitWithAck('match:send', data)).toEqual({ ok: false, error: TOO_LARGE })
  ann.sends(data)
  expect(await ann.hears('refused')).toEqual({ event: 'match:send', error: TOO_LARGE })
  ann.sends(Buffer.alloc(9_000))
  expect(await bob.hears('match:message')).toEqual([0, Buffer.alloc(9_000)])
})

test('[DR20] attachments of more than 64 KiB together close the connection', async () => {
  const world = await startWorld({ mode: { relay: { binary: true } } })
  const { group } = await world.playing('ann', 'bob')
  group[0].sends([Buffer.alloc(40_000), Buffer.alloc(40_000)])
  await group[0].hears('disconnect')
})

test.each([
  ['no event name', `42/lobby,[${ofBytes(20_000)}`],
  ['an event name without an end', `42/lobby,["${ofBytes(20_000)}`],
  ['a reserved event', `42/lobby,["disconnect","${ofBytes(20_000)}"]`],
  ['eleven attachments', `4511-/lobby,["x","${ofBytes(20_000)}"]`],
  ['a namespace without an end', `42/${ofBytes(20_000)}`],
])('[DR20] a large packet without a readable head closes the connection: %s', async (_what, packet) => {
  const world = await startWorld()
  const raw = await inBoth(world)
  raw.send(packet)
  await raw.closed
})

test('[DR20] a large ack of no request is ignored', async () => {
  const world = await startWorld()
  const raw = await inBoth(world)
  raw.send(`43/lobby,7["${ofBytes(20_000)}"]`)
  raw.send(`461-/lobby,7[{"_placeholder":true,"num":0},"${ofBytes(20_000)}"]`)
  raw.send(Buffer.alloc(10))
  raw.send('42/lobby,1["queue:leave",{}]')
  await raw.hears('43/lobby,1[{"ok":false')
})

test('[DR20] [DR5] large packets count against the request budget', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  for (let n = 0; n < 200; n++) ann.lobby.emit('queue:leave', {})
  expect(await ann.lobby.emitWithAck('queue:leave', ofBytes(20_000))).toMatchObject({ error: { code: 'RATE_LIMITED' } })
})

test.each(['lobby', 'match', 'admin'] as const)('[DR21] a client may leave and enter at once: /%s', async (name) => {
  const ADMIN_TOKEN = 'the token of those who run it'
  const world = await startWorld({ env: { ADMIN_TOKEN } })
  const ann = name === 'admin' ? world.stranger({ token: ADMIN_TOKEN }) : await world.player('ann')
  if (name === 'admin') await ann.oversees()
  else ann.match.connect()
  await expect.poll(() => ann[name].connected).toBe(true)
  for (let n = 0; n < 20; n++) {
    const connected = new Promise<void>((resolve) => ann[name].once('connect', resolve))
    ann[name].disconnect().connect()
    await connected
    expect(await ann[name].emitWithAck('made-up', {})).toMatchObject({ error: { code: 'UNKNOWN_EVENT' } })
  }
  if (name !== 'match') expect(await ann.heardSoFar('connect_error')).toEqual([])
})

test('[DR21] requests sent before leaving are still served', async () => {
  const world = await startWorld()
  const raw = await inBoth(world)
  raw.sendTogether([
    '42/lobby,["queue:join",{"mode":"duel"}]',
    '41/lobby,',
    '40/lobby,{}',
    '42/match,1["match:send",1]',
  ])
  await raw.hears('43/match,1[{"ok":false')
  await expect.poll(() => sessionsIn(raw.heard).length).toBe(2)
  const [first, second] = sessionsIn(raw.heard)
  expect(second.playerId).toBe(first.playerId)
  expect(second.resumed.ticket).toMatchObject({ mode: 'duel' })
})

test('[DR21] a client that enters again without leaving has left first', async () => {
  const world = await startWorld()
  const raw = await inBoth(world)
  raw.send('40/lobby,{}')
  await expect.poll(() => sessionsIn(raw.heard).length).toBe(2)
  raw.send('42/lobby,1["queue:leave",{}]')
  await raw.hears('43/lobby,1[{"ok":false')
  expect(world.server.io.of('/lobby').sockets.size).toBe(1)
})

test('[DR21] [CL2] a burst of CONNECTs gets one answer and leaves nothing in the namespace', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.sendTogether(['40/lobby,{}', '40/lobby,{}', '40/lobby,{}'])
  await raw.hears('42/lobby,["session"')
  raw.send('42/lobby,1["queue:leave",{}]')
  await raw.hears('43/lobby,1[')
  expect(raw.heard.filter((text) => text.startsWith('40/lobby'))).toHaveLength(1)
  raw.close()
  await world.until(() => isEmpty(world.server.io.of('/lobby')))
})

type Raw = Awaited<ReturnType<typeof rawConnection>>
const SMALL: [what: string, sends: (raw: Raw) => void][] = [
  ['packets of Engine.IO', (raw) => raw.send('6')],
  ['pongs of Engine.IO', (raw) => raw.send('3')],
  ['pings of WebSocket', (raw) => raw.ping()],
  ['pongs of WebSocket', (raw) => raw.pong()],
  ['empty fragments', (raw) => raw.sendPart('')],
  ['fragments', (raw) => raw.sendPart('4')],
]
test.each(SMALL)('[DR25] a connection may send 6,000 at once and is cut at the next: %s', async (_what, sends) => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.send('40/lobby,{}')
  await raw.hears('42/lobby,["session"')
  for (let n = 0; n < 5_998; n++) sends(raw)
  raw.ping()
  await raw.isPonged
  expect(raw.isClosed()).toBe(false)
  sends(raw)
  await raw.closed
  expect(world.logged).toContainEqual(expect.objectContaining({ phrase: 'flooding connection cut' }))
})

const playersOf = (world: World) =>
  ['/lobby', '/match', '/chess/lobby'].map((name) => [
    ...new Set([...(world.server.io._nsps.get(name)?.sockets.values() ?? [])].map(({ data }) => data.session.player)),
  ])

test('[DR22] a handshake without a token on a known connection is the same player, with the first name', async () => {
  const world = await startWorld({ titles: { chess: {} } })
  const raw = await rawConnection(world)
  raw.sendTogether(['40/lobby,{"name":"Ann"}', '40/match,{"name":"Bob"}', '40/chess/lobby,{"name":"Cat"}'])
  for (const name of ['/lobby', '/match', '/chess/lobby']) await raw.hears(`40${name},`)
  const [[inLobby], [inMatch], [inChess]] = playersOf(world) as [[never], [never], [never]]
  expect(inMatch).toEqual(inLobby)
  expect(inLobby).toMatchObject({ name: 'Ann' })
  expect(inChess).toMatchObject({ name: 'Cat' })
  expect(inChess).not.toMatchObject({ id: (inLobby as { id: string }).id })
})

test('[DR22] an invalid name is refused there too, and a failed first handshake keeps no session', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.sendTogether(['40/lobby,{"name":"\\u0000"}', '40/match,{"name":"Bob"}'])
  await raw.hears('44/lobby,')
  await raw.hears('40/match,')
  raw.send('40/lobby,{"name":""}')
  await expect.poll(() => raw.heard.filter((text) => text.startsWith('44/lobby,{')).length).toBe(2)
  raw.send('40/lobby,{}')
  await raw.hears('42/lobby,["session"')
  expect(sessionsIn(raw.heard)[0].name).toBe('Bob')
})

test('[DR22] a token decides the player, even on a known connection', async () => {
  const world = await startWorld()
  const ann = await world.player('Ann')
  const raw = await rawConnection(world)
  raw.sendTogether(['40/lobby,{"name":"Bob"}', `40/match,{"token":"${ann.session.token}"}`])
  await raw.hears('42/lobby,["session"')
  await raw.hears('40/match,')
  const [inLobby, inMatch] = playersOf(world)
  expect(inMatch).toMatchObject([{ id: ann.id }])
  expect(inLobby).toMatchObject([{ id: ann.id }, { name: 'Bob' }])
})

test('[DR28] a connection may enter namespaces 60 times at once and 5 times a second, then is closed', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  const churns = (times: number) => {
    for (let n = 0; n < times; n++) raw.sendTogether(['40/lobby,{}', '41/lobby,'])
  }
  for (let n = 0; n < 60; n++) {
    raw.send('40/lobby,{}')
    await expect.poll(() => sessionsIn(raw.heard).length).toBe(n + 1)
    raw.send('41/lobby,')
  }
  raw.send('40/lobby,{}')
  await raw.hears('44/lobby,')
  expect(raw.heard.at(-1)).toContain('RATE_LIMITED')
  await world.clock.advance(400)
  raw.send('40/match,{}')
  await raw.hears('40/match,')
  churns(70)
  await raw.closed
})

test('[DR23] with LOG_LEVEL=debug refusals are logged with code, event and player, without the payload', async () => {
  const world = await startWorld({ env: { LOG_LEVEL: 'debug' } })
  const ann = await world.player('Annabella')
  await ann.asks('queue:join', { mode: 'a private word' })
  ann.match.connect()
  ann.sends('a private word')
  await ann.hears('refused')
  const refused = world.logged.filter(({ phrase }) => phrase === 'request refused')
  expect(refused.map(({ fields }) => fields)).toEqual([
    { namespace: '/lobby', event: 'queue:join', player: ann.id, code: 'UNKNOWN_MODE' },
    { namespace: '/match', event: 'match:send', player: ann.id, code: 'NOT_IN_MATCH' },
  ])
  const eve = world.stranger({ token: 'a private token' })
  eve.lobby.connect()
  await eve.hears('connect_error')
  const raw = await rawConnection(world)
  raw.send('40/nowhere,')
  await raw.hears('44/nowhere,')
  const handshakes = world.logged.filter(({ phrase }) => phrase === 'handshake refused')
  expect(handshakes.map(({ level, fields }) => ({ level, ...fields }))).toEqual([
    expect.objectContaining({ level: 'debug', namespace: '/lobby', code: 'UNAUTHENTICATED' }),
    { level: 'debug', namespace: '/nowhere', code: 'INVALID_NAMESPACE' },
  ])
  expect(JSON.stringify(world.logged)).not.toContain('a private')
})

test('[DR3] binary data is refused with the name of the setting that allows it', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  for (const [line, event] of [
    [group[0].match, 'match:send'],
    [group[0].match, 'match:act'],
    [group[0].lobby, 'queue:join'],
  ] as const) {
    const reply = await line.emitWithAck(event, { bytes: Buffer.alloc(4) })
    expect(reply).toMatchObject({ error: { code: 'BAD_REQUEST', message: expect.stringContaining('relay.binary') } })
  }
})
