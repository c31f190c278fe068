import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const SECRET = 'the secret of the game backend'
const key = (text: string) => new TextEncoder().encode(text)
const jwt = (claims: object, { alg = 'HS256', exp = 4_000_000_000 } = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg }).setExpirationTime(exp)

async function refusalOf(stranger: Player): Promise<string> {
  stranger.lobby.connect()
  return (await stranger.hears('connect_error')).code
}

test('[SE1] a guest gets an id, a name and a token', async () => {
  const world = await startWorld()
  const ann = await world.player('  Ann\u00A0Lee ')
  expect(ann.session).toMatchObject({ name: 'Ann Lee', resumed: {}, now: world.clock.now() })
  const nameless = await world.stranger({}).arrive()
  expect(nameless.session.name).toMatch(/^Guest-/)
  expect(nameless.id).not.toBe(ann.id)
})

test.each([
  '',
  '   ',
  'a\u0000b',
  '\u202Eevil',
  'a\u200Bb',
  '\uD800',
  '😀'.repeat(25),
  'a\r\nb',
  '\u001b[31mred',
  5,
  {},
  [],
])('[SE1] the name %j is refused', async (name) => {
  const world = await startWorld()
  expect(await refusalOf(world.stranger({ name }))).toBe('NAME_INVALID')
})

test('[SE2] a token brings the same player back, with a fresh token', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  await world.clock.advance(60_000)
  const returned = await world.again(ann)
  expect(returned.session).toMatchObject({ playerId: ann.id, name: 'ann' })
  expect(returned.session.expiresAt).toBeGreaterThan(ann.session.expiresAt)
})

test('[SE2] a player may come back with another name', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const returned = await world.stranger({ token: ann.session.token, name: 'Anna' }).arrive()
  expect(returned.session).toMatchObject({ playerId: ann.id, name: 'Anna' })
})

test('[SE3] a backend’s token identifies the player', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET, JWT_ISSUER: 'game', JWT_AUDIENCE: 'muster' } })
  const token = await jwt({ name: 'Ann', sub: 'player-1', iss: 'game', aud: 'muster' }).sign(key(SECRET))
  const ann = await world.stranger({ token }).arrive()
  expect(ann.session).toMatchObject({ playerId: 'player-1', name: 'Ann' })
  for (const wrong of [
    { iss: 'other', aud: 'muster' },
    { iss: 'game', aud: 'other' },
  ]) {
    const foreign = await jwt({ sub: 'player-1', ...wrong }).sign(key(SECRET))
    expect(await refusalOf(world.stranger({ token: foreign }))).toBe('UNAUTHENTICATED')
  }
})

/** The rating of a player who connects with this, before the first match. */
async function pointsOf(world: World, auth: Record<string, unknown>): Promise<[rating: number, token: string]> {
  const stranger = await world.stranger(auth).arrive()
  const { ratings } = await stranger.asks('player:get', { playerId: stranger.id })
  // Otherwise the next connection would be another tab of this player.
  stranger.leaves()
  await world.until(() => world.census().players === 0)
  return [ratings[0].rating, stranger.session.token]
}

test('[RA5] the initial rating in a backend’s token counts, and our own token keeps it', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const token = await jwt({ sub: 'p1', rating: 1_812.4 }).sign(key(SECRET))
  const [points, own] = await pointsOf(world, { token })
  expect(points).toBe(1_812)
  const [pointsAgain, third] = await pointsOf(world, { token: own })
  expect(pointsAgain).toBe(1_812)
  expect((await pointsOf(world, { token: third, name: 'Ann' }))[0]).toBe(1_812)
})

test.each([-1, 5_001, 1e9, '1800', true, null, [1_800], { points: 1_800 }])(
  '[RA5] the claim %j is ignored as a rating',
  async (rating) => {
    const world = await startWorld({ env: { JWT_SECRET: SECRET } })
    const token = await jwt({ sub: 'p1', rating }).sign(key(SECRET))
    expect((await pointsOf(world, { token }))[0]).toBe(1_500)
  },
)

test('[RA5] a rating sent by the client is ignored', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const token = await jwt({ sub: 'p1' }).sign(key(SECRET))
  expect((await pointsOf(world, { rating: 2_500 }))[0]).toBe(1_500)
  expect((await pointsOf(world, { token, rating: 2_500 }))[0]).toBe(1_500)
  const ann = await world.player('ann')
  for (const payload of [
    { mode: 'duel', rating: 2_500 },
    { mode: 'duel', playerId: 'p1' },
  ])
    expect(await ann.asks('queue:join', payload)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
})

test('[SE3] [SE4] a backend’s key is accepted for its own algorithms only', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'k1' }] })
  const jwks = createServer((_req, res) => res.setHeader('content-type', 'application/json').end(keys))
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void jwks.close())
  const world = await startWorld({ env: { JWKS_URL: `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/` } })
  const token = await jwt({ sub: 'player-2' }, { alg: 'RS256' }).sign(privateKey)
  expect((await world.stranger({ token }).arrive()).id).toBe('player-2')
  const confused = await jwt({ sub: 'player-2' }).sign(key(await exportSPKI(publicKey)))
  expect(await refusalOf(world.stranger({ token: confused }))).toBe('UNAUTHENTICATED')
})

test('[SE4] untrusted tokens are refused', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const ann = await world.player('ann')
  const [, claims] = ann.session.token.split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const noneAsOurs = Buffer.from('{"alg":"none","kid":"muster"}').toString('base64url')
  const tokens: unknown[] = [
    'garbage',
    '',
    'a.b.c',
    {},
    [],
    5,
    true,
    'x'.repeat(10_000),
    `${none}.${claims}.`,
    `${noneAsOurs}.${claims}.`,
    `${ann.session.token.slice(0, -4)}AAAA`,
    await jwt({ sub: 'x' }).sign(key('another secret altogether')),
    await jwt({ name: 'nobody' }).sign(key(SECRET)),
    await jwt({ sub: 'x'.repeat(200) }).sign(key(SECRET)),
    await jwt({ sub: 5 }).sign(key(SECRET)),
    await jwt({ sub: ['x'] }).sign(key(SECRET)),
    await jwt({ sub: 'x\u0000y' }).sign(key(SECRET)),
  ]
  for (const token of tokens) expect(await refusalOf(world.stranger({ token })), String(token)).toBe('UNAUTHENTICATED')
})

test('[SE4] an expired token has its own refusal', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const ann = await world.player('ann')
  await world.clock.advance(24 * 3_600_000 + 1)
  expect(await refusalOf(world.stranger({ token: ann.session.token }))).toBe('TOKEN_EXPIRED')
  const expired = await jwt({ sub: 'x' }, { exp: 1_000_000_000 }).sign(key(SECRET))
  expect(await refusalOf(world.stranger({ token: expired }))).toBe('TOKEN_EXPIRED')
})

test('[SE5] the session is the first event, and tells what the player still has', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  expect((await world.again(ann)).session.resumed).toEqual({ ticket })
  const bob = await world.player('bob')
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId, joinBy } = await bob.hears('match:found')
  const resumed = (await world.again(ann)).session.resumed
  expect(resumed).toEqual({ match: { matchId, mode: 'duel', seat: 0, team: 0, joinBy } })
})

test('[SE1] /match knows the same players by the same token', async () => {
  const world = await startWorld()
  const stranger = world.stranger({})
  stranger.session = { token: 'garbage' }
  stranger.match.connect()
  expect((await stranger.hears('connect_error')).code).toBe('UNAUTHENTICATED')
})
