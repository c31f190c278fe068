import { decodeJwt, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { readEnv } from '../../src/settings/env.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const SECRET = 'the secret of the game backend'
const SESSIONS = 'a secret for tests only'
const HOUR = 3_600_000
const DAY = 24 * HOUR

const sign = (claims: Record<string, unknown>, secret = SECRET, header: object = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(new TextEncoder().encode(secret))
const secondsAt = (ms: number) => Math.floor(ms / 1000)

async function refusalOf(stranger: Player): Promise<string> {
  stranger.lobby.connect()
  return (await stranger.hears('connect_error')).code
}
async function renewed(world: World, token: string, auth: object = {}, title?: string) {
  const player = await world.stranger({ token, ...auth }, title).arrive()
  player.leaves()
  return player.session as { playerId: string; name: string; token: string; expiresAt: number; now: number }
}

test('[SE21] a backend’s token without exp is refused, and the log names the setting', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const token = await sign({ sub: 'ann' })
  for (let n = 0; n < 2; n++) expect(await refusalOf(world.stranger({ token }))).toBe('UNAUTHENTICATED')
  const said = world.logged.filter(({ fields }) => 'why' in fields && /JWT_REQUIRE_EXP/.test(String(fields.why)))
  expect(said.map(({ level }) => level)).toEqual(['debug', 'warn', 'debug'])
  expect(JSON.stringify(world.logged)).not.toContain(token)
})

test('[SE21] a setting of the service or of a title allows tokens without exp', async () => {
  const chess = { jwtRequireExp: false }
  const world = await startWorld({ env: { JWT_SECRET: SECRET }, titles: { chess } })
  const token = await sign({ sub: 'ann' })
  expect((await renewed(world, token, {}, 'chess')).playerId).toBe('ann')
  expect(await refusalOf(world.stranger({ token }))).toBe('UNAUTHENTICATED')
  const open = await startWorld({ env: { JWT_SECRET: SECRET, JWT_REQUIRE_EXP: 'false' } })
  expect((await renewed(open, token)).playerId).toBe('ann')
  expect(() => readEnv({ JWT_REQUIRE_EXP: 'no' })).toThrow(/^JWT_REQUIRE_EXP: /)
})

test('[SE21] renewed sessions end at most a day after the backend’s vouching', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const endsAt = world.clock.now() + HOUR
  let { token } = await renewed(world, await sign({ sub: 'ann', exp: secondsAt(endsAt) }))
  for (let hours = 0; hours < 24; hours += 4) {
    const session = await renewed(world, token)
    expect(session.expiresAt).toBeLessThanOrEqual(endsAt + DAY)
    token = session.token
    await world.clock.advance(4 * HOUR)
  }
  expect((await renewed(world, token)).playerId).toBe('ann')
  await world.clock.advance(HOUR)
  expect(await refusalOf(world.stranger({ token }))).toBe('TOKEN_EXPIRED')
})

test('[SE21] a token without exp is vouched for until a day after it was shown', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET, JWT_REQUIRE_EXP: 'false' } })
  const forever = await sign({ sub: 'ann' })
  let { token } = await renewed(world, forever)
  await world.clock.advance(DAY - HOUR)
  token = (await renewed(world, token)).token
  await world.clock.advance(HOUR)
  expect(await refusalOf(world.stranger({ token }))).toBe('TOKEN_EXPIRED')
  expect((await renewed(world, forever)).playerId).toBe('ann')
})

test('[SE21] a guest’s session is renewed at every return', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  let { token, playerId } = (await world.player('ann')).session
  for (let days = 0; days < 5; days++) {
    await world.clock.advance(DAY - HOUR)
    const session = await renewed(world, token)
    expect(session.playerId).toBe(playerId)
    token = session.token
  }
})

test('[SE21] a session of the older token format is still accepted', async () => {
  const world = await startWorld()
  const exp = secondsAt(world.clock.now() + HOUR)
  const old = { iss: 'muster', sub: 'ann', name: 'Ann' }
  const token = await sign({ ...old, exp }, SESSIONS, { kid: 'muster' })
  expect(await renewed(world, token)).toMatchObject({ playerId: 'ann', name: 'Ann' })

  const backed = await startWorld({ env: { JWT_SECRET: SECRET } })
  const session = await renewed(backed, token)
  expect(session.playerId).toBe('ann')
  expect(decodeJwt(session.token).vouchedUntil).toBe(exp)
})

test('[SE22] backend tokens are checked by the wall clock, with a minute of tolerance', async () => {
  let shift = 0
  const world: World = await startWorld({ env: { JWT_SECRET: SECRET }, wallNow: () => world.clock.now() + shift })
  const at = (fromS: number, toS: number) => {
    const now = secondsAt(world.clock.now() + shift)
    return sign({ sub: 'ann', iat: now + fromS, nbf: now + fromS, exp: now + toS })
  }
  // A laptop asleep for eight hours, then a clock that is set back.
  for (const hours of [0, 8, -1]) {
    shift = hours * HOUR
    for (const [from, to] of [
      [0, 300],
      [55, 300],
      [-300, -55],
    ] as const)
      expect((await renewed(world, await at(from, to))).playerId).toBe('ann')
    expect(await refusalOf(world.stranger({ token: await at(65, 300) }))).toBe('UNAUTHENTICATED')
    expect(await refusalOf(world.stranger({ token: await at(-300, -65) }))).toBe('TOKEN_EXPIRED')
  }
})

test('[SE22] sessions expire by the wall clock and are told in the service’s time', async () => {
  let shift = 8 * HOUR
  const world: World = await startWorld({ wallNow: () => world.clock.now() + shift })
  const { session } = await world.player('ann')
  expect(decodeJwt(session.token).exp).toBe(secondsAt(world.clock.now() + shift + DAY))
  expect(session.expiresAt - session.now).toBe(DAY)
  shift += DAY - 1_000
  const again = await renewed(world, session.token)
  expect(again.expiresAt - again.now).toBe(DAY)
  shift += 1_000
  expect(await refusalOf(world.stranger({ token: session.token }))).toBe('TOKEN_EXPIRED')
})

test('[SE23] the name in the backend’s token wins, also when its player comes back', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const exp = secondsAt(world.clock.now() + HOUR)
  const first = await renewed(world, await sign({ sub: 'p1', name: 'Ann', exp }), { name: 'Admin' })
  expect(first.name).toBe('Ann')
  const second = await renewed(world, first.token, { name: 'Admin' })
  expect(second.name).toBe('Ann')
  expect((await renewed(world, second.token)).name).toBe('Ann')
  expect(await refusalOf(world.stranger({ token: first.token, name: 'a\u0000b' }))).toBe('NAME_INVALID')
})

test('[SE23] without a valid name from the backend, the player chooses', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const exp = secondsAt(world.clock.now() + HOUR)
  for (const name of [undefined, 5, '', 'x'.repeat(100)]) {
    const first = await renewed(world, await sign({ sub: 'p1', name, exp }), { name: 'Bob' })
    expect(first.name).toBe('Bob')
    expect((await renewed(world, first.token, { name: 'Cat' })).name).toBe('Cat')
    expect((await renewed(world, first.token)).name).toBe('Bob')
  }
  expect((await renewed(world, await sign({ sub: 'p1', name: 'x'.repeat(100), exp }))).name).toMatch(/^Guest-/)
})

test('[SE24] the debug log says why a token was refused, without the token', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET, JWT_AUDIENCE: 'game' } })
  const exp = secondsAt(world.clock.now() + HOUR)
  const tokens = [
    'a.b.c',
    await sign({ sub: 'ann', exp, aud: 'other' }),
    await sign({ sub: 'ann', exp: 1, aud: 'game' }),
  ]
  for (const token of tokens) await refusalOf(world.stranger({ token }))
  const lines = world.logged.filter(({ phrase }) => phrase === 'token refused')
  expect(lines.map(({ level }) => level)).toEqual(['debug', 'debug', 'debug'])
  expect(JSON.stringify(lines[1])).toContain('aud')
  for (const token of tokens) expect(JSON.stringify(world.logged)).not.toContain(token)
})

test('[SE24] a backend may use our key id for its own key', async () => {
  const world = await startWorld({ env: { JWT_SECRET: SECRET } })
  const exp = secondsAt(world.clock.now() + HOUR)
  const token = await sign({ sub: 'ann', iss: 'game', exp }, SECRET, { kid: 'muster' })
  expect((await renewed(world, token)).playerId).toBe('ann')
})
