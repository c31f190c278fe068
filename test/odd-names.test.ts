import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import type { ModeConfig } from '../src/config/config.ts'
import { startWorld, type World } from './support/world.ts'

const JWT_SECRET = 'a secret of the backend, for tests'
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

const tokenOf = (sub: string) =>
  new SignJWT({ name: 'Odd', rating: 1_600 })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JWT_SECRET))

async function arrives(world: World, id: string, title?: string) {
  return world.stranger({ token: await tokenOf(id) }, title).arrive()
}

// What every object has is no name of a mode, a player or a property, and no mode, player or property has it.
test.each(NAMES)('[OP24] a mode, players, a lobby and properties may be called %s', async (name) => {
  const mode: ModeConfig = {
    id: name,
    teams: { count: 2, size: 1 },
    rated: true,
    countdownMs: 0,
    matchmaking: {
      attributes: Object.fromEntries([
        ['toString', 'same'],
        ['constructor', { within: 5 }],
      ]),
      maxLatencyMs: 100,
    },
  }
  const now = Date.now()
  const world = await startWorld({ modes: [mode], regions: ['constructor', 'eu'], env: { JWT_SECRET }, now })
  const other = NAMES.find((one) => one !== name) ?? ''
  const ann = await arrives(world, name)
  const bob = await arrives(world, other)
  const group = [ann, bob]
  const asked = {
    mode: name,
    attributes: { toString: 'a', constructor: 3 },
    latencies: { constructor: 20, valueOf: 1 },
  }
  for (const player of group) expect(await player.asks('queue:join', asked)).toMatchObject({ ok: true })
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:found')
  for (const player of group) expect(await player.joins(matchId)).toMatchObject({ ok: true, match: { mode: name } })
  for (const key of ['constructor', 'toString']) {
    expect(await ann.asks('match:set', { key, value: key, ifVersion: 0 }), key).toEqual({ ok: true, version: 1 })
  }
  expect(await ann.asks('match:set', { key: '__proto__', value: 1 })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  const { match } = await bob.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(Object.keys(match.properties).sort()).toEqual(['constructor', 'toString'])
  for (const player of group) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  await world.clock.advance(30_000)
  const { ratings } = await ann.asks('player:get', { playerId: name })
  expect(ratings).toMatchObject([{ mode: name, matches: 1 }])
  expect(await ann.asks('leaderboard:get', { mode: name })).toMatchObject({ ok: true })
  expect(await ann.asks('player:block', { playerId: other, blocked: true })).toEqual({ ok: true })
  const settings = { toString: 1, constructor: 2 }
  const created = await ann.asks('lobby:create', { mode: name, name, visibility: 'public', settings })
  expect(created.lobby).toMatchObject({ name, mode: name, settings })
  expect((await bob.asks('lobby:list', { mode: name, text: name })).lobbies).toEqual([])
})

test.each(['constructor', 'toString'])('[OP24] %s is not the name of a title', async (title) => {
  const world = await startWorld({ titles: { chess: {} } })
  const player = world.stranger({ name: 'ann' }, title)
  player.lobby.connect()
  expect(await player.hears('connect_error')).toMatchObject({ code: 'INVALID_NAMESPACE' })
})

test('[OP24] a title may be called constructor', async () => {
  const world = await startWorld({ titles: { constructor: {} } })
  const player = await world.playerOf('constructor', 'ann')
  expect(await player.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})
