import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

const SECRET = 'the secret of the game backend'
const jwt = (sub: string) =>
  new SignJWT({ sub, name: sub })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(4_000_000_000)
    .sign(new TextEncoder().encode(SECRET))
const blitz = { id: 'blitz', teams: { count: 2, size: 1 }, countdownMs: 0 }
const titles = { chess: { modes: [blitz] }, go: { modes: [blitz] } }
const refused = (code: string) => ({ ok: false, error: { code } })

test('[TI2] parties, chat, presence and blocks of two titles are apart, for the same players too', async () => {
  const world = await startWorld({ titles, env: { JWT_SECRET: SECRET } })
  const [annsToken, bobsToken] = [await jwt('ann'), await jwt('bob')]
  const ann = await world.stranger({ token: annsToken }, 'chess').arrive()
  const bob = await world.stranger({ token: bobsToken }, 'chess').arrive()
  const annInGo = await world.stranger({ token: annsToken }, 'go').arrive()
  const { party } = await ann.asks('party:create')
  expect(annInGo.session.resumed).toEqual({})
  expect(await annInGo.asks('party:join', { code: party.code })).toMatchObject(refused('INVITE_INVALID'))
  expect(await annInGo.asks('chat:send', { to: { party: true }, text: 'x' })).toMatchObject(refused('NOT_IN_PARTY'))
  expect(await annInGo.asks('chat:send', { to: { playerId: 'bob' }, text: 'x' })).toMatchObject(refused('NOT_FOUND'))
  expect(await annInGo.asks('player:block', { playerId: 'bob', blocked: true })).toMatchObject(refused('NOT_FOUND'))
  expect(await annInGo.asks('player:watch', { playerIds: ['bob'] })).toMatchObject({
    presence: [{ status: 'offline' }],
  })
  expect(await ann.asks('chat:send', { to: { playerId: 'bob' }, text: 'here' })).toMatchObject({ ok: true })
  expect(await bob.hears('chat:message')).toMatchObject({ text: 'here' })
})

test('[TI4] [CH8] a title stays while a party has a grace, then goes with its timers, and letters outlive it', async () => {
  const world = await startWorld({ titles, env: { JWT_SECRET: SECRET } })
  const timers = world.clock.pending
  const [annsToken, bobsToken] = [await jwt('ann'), await jwt('bob')]
  const bob = await world.stranger({ token: bobsToken }, 'chess').arrive()
  bob.leaves()
  await world.until(() => world.server.titles.all().get('chess')?.presence.size() === 0)
  const ann = await world.stranger({ token: annsToken }, 'chess').arrive()
  expect(await ann.asks('party:join', { code: 'WRONG' })).toMatchObject(refused('INVITE_INVALID'))
  await ann.asks('party:create')
  expect(await ann.asks('chat:send', { to: { playerId: 'bob' }, text: 'later' })).toMatchObject({ ok: true })
  ann.leaves()
  await world.until(() => world.server.titles.all().get('chess')?.presence.size() === 0)
  await world.clock.advance(25_000)
  expect(world.server.titles.all().has('chess')).toBe(true)
  await world.clock.advance(10_000)
  await world.until(() => !world.server.titles.all().has('chess'))
  expect(world.clock.pending).toBe(timers)
  const back = await world.stranger({ token: bobsToken }, 'chess').arrive()
  expect(await back.hears('chat:message')).toMatchObject({ text: 'later' })
})
