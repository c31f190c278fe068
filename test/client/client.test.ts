import { expect, onTestFinished, test } from 'vitest'
import { connect, type Muster } from '../../src/client/client.ts'
import { startWorld, type World } from '../support/world.ts'

async function client(world: World, name: string, title?: string): Promise<Muster> {
  const muster = await connect(world.url, { name, ...(title && { title }) })
  onTestFinished(() => muster.close())
  return muster
}
const found = (muster: Muster) =>
  new Promise<{ matchId: string }>((resolve) => muster.lobby.socket.once('match:found', resolve))

test.each([undefined, 'chess'])('two clients play a match from end to end, in the title %s', async (title) => {
  const duel = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }
  const world = await startWorld({ modes: [duel], titles: { chess: { modes: [duel] } } })
  const ann = await client(world, 'ann', title)
  const bob = await client(world, 'bob', title)
  const offers = [found(ann), found(bob)]
  for (const player of [ann, bob])
    expect(await player.lobby.ask('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  const matchId = (await offers[0])?.matchId ?? ''
  const heard = new Promise((resolve) => {
    void ann.joinMatch(matchId, { message: (fromSeat, data) => resolve([fromSeat, data]) })
  })
  const room = await bob.joinMatch(matchId)
  if (!room.ok) throw new Error(room.error.code)
  expect(room.view.state).toBe('playing')
  room.send('hello')
  expect(await heard).toEqual([1, 'hello'])
  expect(await room.leave()).toEqual({ ok: true })
  ann.close()
  bob.close()
})

test('[SD3] a client reconnects as the same player, to the same match', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const bob = await world.player('bob')
  const offer = found(ann)
  await ann.lobby.ask('queue:join', { mode: 'duel' })
  await world.queue([bob])
  const { matchId } = await offer
  await bob.joins(matchId)
  const before = ann.session
  let isBack = () => {}
  const cameBack = new Promise<void>((resolve) => {
    isBack = resolve
  })
  expect(await ann.joinMatch(matchId, { changed: (_view, event) => event === null && isBack() })).toMatchObject({
    ok: true,
  })
  await bob.hears('match:event', ({ state }) => state === 'playing')
  ann.lobby.socket.io.engine.close()
  expect(await bob.hears('match:event', ({ type }) => type === 'player.away')).toMatchObject({ seat: 0 })
  expect(await bob.hears('match:event', ({ type }) => type === 'player.back')).toMatchObject({ seat: 0 })
  await cameBack
  expect(ann.session.playerId).toBe(before.playerId)
  ann.close()
})

test('the error of a refused handshake says why', async () => {
  const world = await startWorld()
  await expect(connect(world.url, { name: '\u0000' })).rejects.toMatchObject({ code: 'NAME_INVALID' })
})

test('[SD1] connect rejects when the server does not answer', async () => {
  const signal = AbortSignal.timeout(50)
  await expect(connect('http://127.0.0.1:9', { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  await expect(connect('http://127.0.0.1:9', { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  await expect(connect('http://127.0.0.1:9', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('[SD2] after a refused token sessionLost is called, then the client is a new guest of the same name', async () => {
  const world = await startWorld()
  const lost: string[] = []
  const muster = await connect(world.url, {
    name: 'ann',
    token: 'garbage',
    sessionLost: ({ code }) => void lost.push(code),
  })
  expect([muster.session.name, lost]).toEqual(['ann', ['UNAUTHENTICATED']])
  muster.close()
  const silent = await connect(world.url, { token: 'garbage' })
  expect(silent.session.playerId).not.toBe('')
  silent.close()
})

test('[SD2] after a refused token the client uses another token, or gives up', async () => {
  const world = await startWorld()
  const before = await connect(world.url, { name: 'ann' })
  const muster = await connect(world.url, { token: 'garbage', sessionLost: async () => before.session.token })
  expect(muster.session.playerId).toBe(before.session.playerId)
  const stayAway = new Error('sign in again')
  const throws = () => {
    throw stayAway
  }
  await expect(connect(world.url, { token: 'garbage', sessionLost: throws })).rejects.toBe(stayAway)
  muster.close()
  before.close()
})

test('[SD2] a client whose session expired offline becomes a new guest, who can play', async () => {
  const world = await startWorld()
  const lost: string[] = []
  const muster = await connect(world.url, { name: 'ann', sessionLost: ({ code }) => void lost.push(code) })
  const before = muster.session.playerId
  const again = new Promise((resolve) => muster.lobby.socket.once('session', resolve))
  await world.clock.advance(25 * 3_600_000)
  muster.lobby.socket.io.engine.close()
  await again
  expect([lost, muster.session.name]).toEqual([['TOKEN_EXPIRED'], 'ann'])
  expect(muster.session.playerId).not.toBe(before)
  expect(await muster.lobby.ask('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
  await world.until(() => muster.match.socket.connected)
  muster.close()
})

test('[SD3] a client reconnects after the server disconnected it', async () => {
  const world = await startWorld()
  const muster = await connect(world.url, { name: 'ann' })
  await world.until(() => muster.match.socket.connected)
  const again = new Promise((resolve) => muster.lobby.socket.once('session', resolve))
  for (const name of ['/lobby', '/match']) world.server.io.of(name).disconnectSockets()
  expect(await again).toMatchObject({ playerId: muster.session.playerId })
  await world.until(() => muster.match.socket.connected)
  muster.close()
})

test('[SD5] a request that is too large, or on a closed connection, is refused at once', async () => {
  const world = await startWorld()
  const muster = await connect(world.url, { name: 'ann' })
  const room = { matchId: 'm'.repeat(17_000) }
  expect(await muster.match.ask('match:join', room)).toMatchObject({ error: { code: 'TOO_LARGE' } })
  expect(muster.lobby.socket.connected).toBe(true)
  const signal = AbortSignal.abort(new Error('changed my mind'))
  await expect(muster.lobby.ask('lobby:list', {}, { signal })).rejects.toThrow('changed my mind')
  muster.close()
  expect(await muster.lobby.ask('lobby:list', {})).toMatchObject({ error: { code: 'UNAVAILABLE' } })
})

test('[SD6] leaving on one tab closes the room on the other tabs', async () => {
  const world = await startWorld({ modes: [{ id: 'party', players: { min: 2, max: 4 }, countdownMs: 0 }] })
  const ann = await client(world, 'ann')
  const tab = await connect(world.url, { token: ann.session.token })
  onTestFinished(() => tab.close())
  const offer = found(ann)
  await ann.lobby.ask('queue:join', { mode: 'party' })
  const others = [await world.player('bob'), await world.player('cleo')]
  await world.queue(others)
  const { matchId } = await offer
  const said: unknown[] = []
  const closed = new Promise((resolve) => {
    void tab.joinMatch(matchId, { closed: resolve })
  })
  const room = await ann.joinMatch(matchId, { closed: (outcome) => said.push(outcome) })
  if (!room.ok) throw new Error(room.error.code)
  for (const player of others) await player.joins(matchId)
  expect(await room.leave()).toEqual({ ok: true })
  expect(await closed).toBeNull()
  expect(said).toEqual([null])
  expect(room.send('too late')).toBe(false)
  ann.close()
  tab.close()
})
