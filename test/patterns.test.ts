import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import type { Player } from './support/player.ts'
import { startWorld, type World } from './support/world.ts'

const ADMIN_TOKEN = 'the token of those who run it'
const JWT_SECRET = 'the secret of the game backend'
const env = { ADMIN_TOKEN, JWT_SECRET }
const mode = { countdownMs: 0 }
const chess = { modes: [{ id: 'blitz', teams: { count: 2, size: 1 } }] }

const tokenOf = (sub: string) =>
  new SignJWT({ sub })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(4_000_000_000)
    .sign(new TextEncoder().encode(JWT_SECRET))

/** The service's end of a player's socket in /match. */
function socketOf(world: World, { id }: Player) {
  const sockets = [...world.server.io.of('/match').sockets.values()]
  return sockets.find(({ data }) => data.session.player.id === id) ?? expect.fail('no such socket')
}
const connected = (player: Player) => new Promise<void>((resolve) => player.match.once('connect', resolve))

test('[PA1] a message to several rooms reaches a socket once', async () => {
  const world = await startWorld({ env, mode })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const cat = await world.player('cat')
  const operator = await world.operator()
  await operator.asks('admin:notice', { text: 'well played', matchId, playerId: ann.id })
  // One each for Ann's two sockets; Bob is in the match alone.
  expect(await ann.heardSoFar('server:notice')).toHaveLength(2)
  expect(await bob.heardSoFar('server:notice')).toHaveLength(1)
  expect(await cat.heardSoFar('server:notice')).toEqual([])
})

test('[PA2] a message reaches all but the sender', async () => {
  const world = await startWorld({ mode })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const secondTab = await world.again(ann)
  await secondTab.joins(matchId)
  ann.sends('hello')
  for (const other of [bob, secondTab]) expect(await other.hears('match:message')).toEqual([0, 'hello'])
  expect(await ann.heardSoFar('match:message')).toEqual([])
})

test('[PA3] a message to a player’s own room is private', async () => {
  const world = await startWorld({ env })
  const [ann, bob] = await world.players('ann', 'bob')
  const operator = await world.operator()
  await operator.asks('admin:notice', { text: 'between us', playerId: ann.id })
  expect(await ann.hears('server:notice')).toMatchObject({ text: 'between us' })
  expect(await bob.heardSoFar('server:notice')).toEqual([])
})

test('[PA4] a message reaches every device of a user', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const devices = [ann, await world.again(ann), await world.again(ann)]
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  await ann.asks('queue:leave')
  for (const device of devices) expect(await device.hears('queue:ended')).toMatchObject({ ticketId: ticket.id })
  expect(await bob.heardSoFar('queue:ended')).toEqual([])
})

test('[PA5] rooms are known while disconnecting, and none afterwards', async () => {
  const world = await startWorld({ env, mode })
  const operator = await world.operator()
  const { group, matchId } = await world.playing('ann', 'bob')
  const socket = socketOf(world, group[0])
  expect([...socket.rooms]).toEqual([socket.id, `player:${group[0].id}`, `match:${matchId}`])
  operator.forgets()
  group[0].drops()
  const news = await operator.hears('admin:player', ({ left }) => left !== undefined)
  expect(news).toMatchObject({ playerId: group[0].id, left: [`match:${matchId}`] })
  await world.until(() => !socket.connected)
  expect([...socket.rooms]).toEqual([])
})

test('[PA6] only authorised users enter a namespace', async () => {
  const world = await startWorld({ env })
  const ann = await world.player('ann')
  const knock = ann.lobby.io.socket('/admin', { auth: { token: ann.session.token } })
  const refused = new Promise<{ data: { code: string } }>((resolve) => knock.once('connect_error', resolve as never))
  knock.connect()
  await world.until(() => world.logged.some(({ phrase }) => phrase === 'operator refused'))
  await world.clock.advance(300)
  expect((await refused).data.code).toBe('UNAUTHENTICATED')
  expect(await ann.asks('queue:leave')).toMatchObject({ error: { code: 'NOT_QUEUED' } })
  expect(await (await world.operator()).asks('admin:overview')).toMatchObject({ ok: true, connections: 1 })
})

test('[PA7] the same room name in two namespaces is two rooms', async () => {
  const world = await startWorld({ env, titles: { chess } })
  const token = await tokenOf('ann')
  const own = await world.stranger({ token }).arrive()
  own.match.connect()
  await connected(own)
  const inChess = await world.stranger({ token }, 'chess').arrive()
  const rooms = ['/lobby', '/match', '/chess/lobby'].map((name) => world.server.io.of(name).adapter.rooms)
  for (const one of rooms) expect(one.get('player:ann')?.size).toBe(1)
  const inMatch: string[] = []
  own.match.onAny((event) => inMatch.push(event))
  await own.asks('queue:join', { mode: 'duel' })
  await own.asks('queue:leave')
  expect(await own.hears('queue:ended')).toMatchObject({ reason: 'cancelled' })
  await own.heardSoFar('queue:ended')
  expect(inMatch).toEqual([])
  expect(await inChess.heardSoFar('queue:ended')).toEqual([])
})

test('[PA8] a namespace per tenant is opened on demand', async () => {
  const world = await startWorld({ titles: { chess, go: chess } })
  const names = () => [...world.server.io._nsps.keys()].filter((name) => name.split('/').length > 2)
  expect(names()).toEqual([])
  const ann = await world.playerOf('chess', 'ann')
  expect(names()).toEqual(['/chess/lobby', '/chess/match'])
  ann.leaves()
  await world.until(() => world.server.io.engine.clientsCount === 0)
  await world.clock.advance(10_000)
  expect(names()).toEqual([])
})

test('[PA9] all events are logged in development', async () => {
  const world = await startWorld({ env: { LOG_LEVEL: 'debug' } })
  const ann = await world.player('ann')
  await ann.lobby.emitWithAck('whatever', { a: 1 })
  expect(world.logged).toContainEqual({
    level: 'debug',
    fields: { namespace: '/lobby', socket: ann.lobby.id, event: 'whatever', bytes: '[{"a":1}]'.length },
    phrase: 'event came in',
  })
})

test('[PA10] operators are told when a client in another room disconnects', async () => {
  const world = await startWorld({ env, mode })
  const operator = await world.operator()
  const { group, matchId } = await world.playing('ann', 'bob')
  operator.forgets()
  group[1].drops()
  expect(await operator.hears('admin:player', ({ status }) => status === 'offline')).toEqual({
    playerId: group[1].id,
    name: 'bob',
    status: 'offline',
    connections: 0,
    left: [`match:${matchId}`],
  })
  expect(await operator.heardSoFar('match:event')).toEqual([])
})

test('[PA11] subscribers are notified about an entity', async () => {
  const world = await startWorld({ mode })
  const { group, matchId } = await world.playing('ann', 'bob')
  const eve = await world.player('eve')
  const deaf = await world.player('deaf')
  deaf.match.connect()
  await connected(deaf)
  await eve.joins(matchId, { as: 'spectator' })
  await group[0].asks('match:set', { key: 'mood', value: 'tense' })
  expect(await eve.hears('match:event', ({ type }) => type === 'property.set')).toMatchObject({ value: 'tense' })
  expect(await deaf.heardSoFar('match:event')).toEqual([])
})

test('[PA12] a socket switches rooms', async () => {
  const world = await startWorld({ mode })
  const first = await world.playing('ann', 'bob')
  const second = await world.playing('cat', 'dan')
  const eve = await world.player('eve')
  await eve.joins(first.matchId, { as: 'spectator' })
  await eve.joins(second.matchId, { as: 'spectator' })
  expect([...socketOf(world, eve).rooms].filter((room) => room.startsWith('match:'))).toEqual([
    `match:${second.matchId}`,
  ])
  first.group[0].sends('to the first room')
  second.group[0].sends('to the second room')
  expect(await eve.hears('match:message')).toEqual([0, 'to the second room'])
  expect(await eve.heardSoFar('match:message')).toEqual([])
})
