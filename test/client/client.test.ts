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

test('a client that lost its connection comes back as the same player, to the same match', async () => {
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

test('a handshake that is refused says why', async () => {
  const world = await startWorld()
  await expect(connect(world.url, { name: '\u0000' })).rejects.toMatchObject({ code: 'NAME_INVALID' })
})

test('a server that does not answer can be given up on', async () => {
  const signal = AbortSignal.timeout(50)
  await expect(connect('http://127.0.0.1:9', { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
})
