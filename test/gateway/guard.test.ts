import { expect, test } from 'vitest'
import { rawConnection } from '../support/raw.ts'
import { startWorld } from '../support/world.ts'

const code = (value: string) => ({ ok: false, error: expect.objectContaining({ code: value }) })
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

test('[DR1] events with undeclared names are refused', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  for (const name of ['error', '__proto__', 'constructor', 'toString', 'queue:joinx', '', 'session', 'match:join']) {
    expect(await ann.lobby.emitWithAck(name, {})).toEqual(code('UNKNOWN_EVENT'))
  }
  expect(await ann.lobby.emitWithAck(5 as unknown as string, {})).toEqual(code('UNKNOWN_EVENT'))
})

test('[DR2] a request is one object that matches its schema', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const wrong = [
    [null],
    [5],
    [[]],
    ['duel'],
    [],
    [{}],
    [{ mode: 5 }],
    [{ mode: '' }],
    [{ mode: 'duel', playerId: 'x' }],
    [{ mode: 'duel' }, { mode: 'duel' }],
    [{ mode: 'x'.repeat(200) }],
  ]
  for (const args of wrong) expect(await ann.lobby.emitWithAck('queue:join', ...args)).toEqual(code('BAD_REQUEST'))
  expect(await ann.asks('queue:leave')).toEqual(code('NOT_QUEUED'))
})

test('[DR3] deep, large and poisoned payloads are refused before the schema reads them', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const answers: [unknown, string][] = [
    [nested(9), 'TOO_DEEP'],
    [nested(4_000), 'TOO_DEEP'],
    [Array.from({ length: 5_001 }, () => 1), 'TOO_LARGE'],
    [JSON.parse('{"__proto__": {"isAdmin": true}}'), 'BAD_REQUEST'],
    [{ constructor: { prototype: { isAdmin: true } } }, 'BAD_REQUEST'],
    [Buffer.from('bytes'), 'BAD_REQUEST'],
  ]
  for (const [payload, expected] of answers) {
    expect(await ann.lobby.emitWithAck('queue:join', payload)).toEqual(code(expected))
    expect(await ann.match.emitWithAck('match:send', payload)).toEqual(code(expected))
  }
  expect(await ann.match.emitWithAck('match:send', nested(8))).toEqual({ ok: true })
  expect(await bob.hears('match:message')).toEqual([0, nested(8)])
})

test('[DR3] a number that JSON has no form for is refused', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.send('40/match,{}')
  await raw.hears('40/match,')
  raw.send('42/match,1["match:send",1e999]')
  await raw.hears('43/match,1[{"ok":false,"error":{"code":"NOT_IN_MATCH"')
  raw.send('42/match,2["match:join",{"matchId":"x","since":{"epoch":1e999,"seq":9007199254740993}}]')
  await raw.hears('43/match,2[{"ok":false,"error":{"code":"BAD_REQUEST"')
  raw.close()
})

test('[DR4] without an ack a refusal arrives as an event', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  ann.lobby.emit('queue:join', { mode: 'chess' })
  expect(await ann.hears('refused')).toMatchObject({
    event: 'queue:join',
    error: { code: 'UNKNOWN_MODE', retryable: false },
  })
  ann.lobby.emit('x'.repeat(500))
  expect((await ann.hears('refused')).event).toBe('x'.repeat(64))
})

test('[DR1] a packet with only an ack is refused, and the refusal reveals nothing internal', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.send('40/lobby,{}')
  await raw.hears('42/lobby,["session"')
  raw.send('42/lobby,1')
  await raw.hears('43/lobby,1[{"ok":false,"error":{"code":"UNKNOWN_EVENT"')
  raw.send('42/lobby,[5]')
  await raw.hears('42/lobby,["refused",{"event":"","error":{"code":"UNKNOWN_EVENT"')
  raw.close()
})

test('[DR5] a socket over its budget is slowed down, then cut', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  for (let n = 0; n < 200; n++) ann.lobby.emit('queue:leave', {})
  expect(await ann.asks('queue:leave')).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 20 } })
  await world.clock.advance(20)
  expect(await ann.asks('queue:leave')).toEqual(code('NOT_QUEUED'))
  for (let n = 0; n < 201; n++) ann.lobby.emit('queue:leave', {})
  expect(await ann.hears('disconnect')).toBe('io server disconnect')
})

test('[SE71] a client cut for too many requests is told why in every namespace, once and last', async () => {
  const world = await startWorld()
  const [ann] = (await world.playing('ann', 'bob')).group
  const order: string[] = []
  for (const socket of [ann.lobby, ann.match]) {
    socket.on('session:ended', ({ code }) => order.push(code))
    socket.on('disconnect', () => order.push('gone'))
  }
  for (let n = 0; n < 401; n++) ann.lobby.emit('queue:leave', {})
  for (let n = 0; n < 2; n++) await ann.hears('disconnect')
  expect(order).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'gone', 'gone'])
})

test('[SE71] [DR28] a client cut for entering namespaces too often is told why first', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const again = () => ann.match.connect()
  ann.match.on('connect', () => ann.match.disconnect())
  for (const event of ['disconnect', 'connect_error'] as const) ann.match.on(event, again)
  again()
  expect(await ann.hears('session:ended')).toMatchObject({ code: 'RATE_LIMITED' })
  ann.match.off()
  await ann.hears('disconnect')
})

test('[DR6] an internal fault reaches the client as INTERNAL and is logged once', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  world.config.modes.get = () => {
    throw new Error('a secret path: /etc/muster')
  }
  const reply = await ann.asks('queue:join', { mode: 'duel' })
  expect(reply).toEqual(code('INTERNAL'))
  expect(JSON.stringify(reply)).not.toContain('secret')
  expect(world.logged.filter(({ level }) => level === 'error')).toHaveLength(1)
})

test('[DR6] no token, name or payload is in the log', async () => {
  const world = await startWorld()
  const { group } = await world.playing('Annabella', 'Bobby')
  group[0].sends('a private word')
  await group[1].hears('match:message')
  const log = JSON.stringify(world.logged)
  for (const secret of [group[0].session.token, 'Annabella', 'a private word']) expect(log).not.toContain(secret)
})

const placeholderOf = (num: number | string) => `/lobby,["x",{"_placeholder":true,"num":${num}}]`

test.each<[what: string, packets: (string | Buffer)[]]>([
  ['a packet of more than 64 KiB', [`42/lobby,["queue:join",{"mode":"${'x'.repeat(65_536)}"}]`]],
  ['an unknown packet type', ['49/lobby,[]']],
  ['text that is not a packet', ['4{{{']],
  ...['disconnect', 'disconnecting', 'connect', 'connect_error', 'newListener', 'removeListener'].map(
    (event): [string, string[]] => [`the reserved event ${event}`, [`42/lobby,["${event}",{}]`]],
  ),
  ...['null', 'true', '{}', '[]', '{"toString":1}'].map((event): [string, string[]] => [
    `an event named ${event}`,
    [`42/lobby,1[${event},{}]`],
  ]),
  ['half of an event', ['42/lobby,["queue:leave"']],
  ['a number that JSON does not know', ['42/lobby,1["queue:join",{"mode":NaN}]']],
  ['a CONNECT with half of an object', ['40/match,{"token":']],
  ['a CONNECT with null', ['40/match,null']],
  ['a heartbeat in the wrong direction', ['2']],
  ['an unknown packet of Engine.IO', ['9']],
  ['an attachment that no event has', [Buffer.alloc(3)]],
  ['a placeholder of an attachment that is not there', [`451-${placeholderOf(99)}`, Buffer.alloc(3)]],
  ['a placeholder without a number', [`451-${placeholderOf('"length"')}`, Buffer.alloc(3)]],
  ['attachments beyond counting', [`4599999999999-${placeholderOf(0)}`]],
  ['an event before its namespace', ['42/match,["match:send",1]']],
  [
    'a placeholder without its attachment, then text',
    ['451-/lobby,["x",{"_placeholder":true,"num":0}]', '42/lobby,["x"]'],
  ],
  ['eleven attachments', ['4511-/lobby,["x"]']],
])('[DR7] %s closes that connection only', async (_what, packets) => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const raw = await rawConnection(world)
  raw.send('40/lobby,{}')
  await raw.hears('42/lobby,["session"')
  for (const packet of packets) raw.send(packet)
  await raw.closed
  expect(await ann.asks('queue:leave')).toEqual(code('NOT_QUEUED'))
})

test.each([
  ['an ack of no request', '43/lobby,999[]'],
  ['an id beyond the range of numbers', '42/lobby,99999999999999999999["queue:leave",{}]'],
  ['a close of Engine.IO', '1'],
  ['an open of Engine.IO', '0'],
  ['an upgrade of Engine.IO', '5'],
  ['a noop of Engine.IO', '6'],
])('[DR7] %s is ignored', async (_what, packet) => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.send('40/lobby,{}')
  await raw.hears('42/lobby,["session"')
  raw.send(packet)
  raw.send('42/lobby,1["queue:leave",{}]')
  await raw.hears('43/lobby,1[{"ok":false,"error":{"code":"NOT_QUEUED"')
  raw.close()
})

test('[DR7] a connection that has left its last namespace is closed after 5 s', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  let isClosed = false
  void raw.closed.then(() => {
    isClosed = true
  })
  const pending = world.clock.pending
  const joins = async () => {
    raw.send('40/lobby,{}')
    await world.until(() => world.server.presence.size() === 1)
  }
  const leaves = async () => {
    raw.send('41/lobby,')
    await world.until(() => world.clock.pending === pending + 1)
  }
  await joins()
  await leaves()
  await joins()
  await world.clock.advance(5_000)
  raw.send('42/lobby,1["queue:leave",{}]')
  await raw.hears('43/lobby,1[{"ok":false,"error":{"code":"NOT_QUEUED"')
  expect(isClosed).toBe(false)
  await leaves()
  await world.clock.advance(5_000)
  await raw.closed
})

test('[DR9] unknown namespaces are refused with a code, and none is kept', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const raw = await rawConnection(world)
  const names = ['/', '/lobbyx', '/__proto__', '/lobby?x=1', '/admin', `/${'n'.repeat(10_000)}`]
  for (const name of names) {
    raw.send(name === '/' ? '40' : `40${name},`)
    await raw.hears(name === '/' ? '44{' : `44${name},{`)
  }
  for (let n = 0; n < 2_000; n++) raw.send(`40/made-up-${n},`)
  await raw.hears(
    '44/made-up-1999,{"message":"There is no such namespace. Connect to /lobby or /match.","data":{"code":"INVALID_NAMESPACE"',
  )
  expect(world.census().namespaces).toBe(3)
  expect(await ann.asks('queue:leave')).toEqual(code('NOT_QUEUED'))
  raw.close()
})

test('[DR5] a client that sends 5,000 requests at once hears RATE_LIMITED and is cut', async () => {
  const world = await startWorld()
  const raw = await rawConnection(world)
  raw.send('40/lobby,{}')
  await raw.hears('42/lobby,["session"')
  raw.sendTogether(Array.from({ length: 5_000 }, (_, n) => `42/lobby,${n}["queue:leave",{}]`))
  await raw.closed
  expect(raw.heard.some((text) => text.includes('RATE_LIMITED'))).toBe(true)
})
