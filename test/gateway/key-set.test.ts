import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { startIssuer } from '../support/issuer.ts'
import { startWorld, type World } from '../support/world.ts'

/** The outcome of a handshake with this token: the player's id, or the refusal code. */
async function answerTo(world: World, token: string, title?: string): Promise<string> {
  const stranger = world.stranger({ token }, title)
  const answered = new Promise<string>((resolve) => {
    stranger.lobby.once('connect_error', (fault) => resolve((fault as Error & { data: { code: string } }).data.code))
    stranger.lobby.once('session', ({ playerId }) => resolve(playerId))
  })
  stranger.lobby.connect()
  const answer = await answered
  stranger.leaves()
  return answer
}
const linesAbout = (world: World, level: string) =>
  world.logged.filter((line) => line.level === level && 'setting' in line.fields && line.fields.setting === 'JWKS_URL')

async function worldWith(url: string) {
  return startWorld({ env: { JWKS_URL: url } })
}

const redirect = (to: string) => (res: ServerResponse) => void res.writeHead(302, { location: to }).end()
const failures: [string, (res: ServerResponse) => void, RegExp][] = [
  ['cuts the line', (res) => void res.destroy(), /cannot be reached/],
  ['answers 500', (res) => void res.writeHead(500).end('{"keys":[]}'), /answered 500/],
  ['answers 404', (res) => void res.writeHead(404).end(), /answered 404/],
  ['sends no JSON', (res) => void res.end('<html>sorry</html>'), /not JSON/],
  ['sends nothing', (res) => void res.end(), /not JSON/],
  ['sends null', (res) => void res.end('null'), /no key/],
  ['sends another object', (res) => void res.end('{"keys":{"length":1e9}}'), /no key/],
  ['sends no keys', (res) => void res.end('{"keys":[]}'), /no key/],
  ['sends broken keys alone', (res) => void res.end('{"keys":[null,5,"x",{},{"kty":5},[]]}'), /no key/],
  ['sends too much', (res) => void res.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`), /more than 262144 bytes/],
]

test.each(failures)(
  '[SE20] an issuer that %s makes handshakes UNAVAILABLE, and is logged once',
  async (_how, answer, why) => {
    const issuer = await startIssuer()
    const token = await (await issuer.newKey('k1'))()
    const publish = issuer.answer
    issuer.answer = answer
    const world = await worldWith(issuer.url)
    for (let n = 0; n < 3; n++) {
      expect(await answerTo(world, token)).toBe('UNAVAILABLE')
      await world.clock.advance(1_000)
    }
    expect(linesAbout(world, 'error')).toMatchObject([{ fields: { why: expect.stringMatching(why) } }])
    expect((await world.player('guest')).session.name).toBe('guest')

    issuer.answer = publish
    expect(await answerTo(world, token)).toBe('ann')
    expect(linesAbout(world, 'info')).toHaveLength(1)
  },
)

test('[SE20] an unreachable issuer makes handshakes UNAVAILABLE, which is retryable', async () => {
  const issuer = await startIssuer()
  const token = await (await issuer.newKey('k1'))()
  const world = await worldWith('http://127.0.0.1:9/jwks')
  const stranger = world.stranger({ token })
  stranger.lobby.connect()
  expect(await stranger.hears('connect_error')).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
})

test('[SE20] a redirect is not followed, even to valid keys', async () => {
  const [issuer, other] = [await startIssuer(), await startIssuer()]
  const token = await (await other.newKey('k1'))()
  issuer.answer = redirect(other.url)
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, token)).toBe('UNAVAILABLE')
  expect(other.asked).toBe(0)
})

test('[SE20] no more than the limit is read, however much the issuer sends', async () => {
  const issuer = await startIssuer()
  const token = await (await issuer.newKey('k1'))()
  let sent = 0
  issuer.answer = (res) => {
    const pour = () => {
      for (let room = true; room && !res.destroyed; sent += 65_536) room = res.write(' '.repeat(65_536))
    }
    res.on('drain', pour)
    pour()
  }
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, token)).toBe('UNAVAILABLE')
  // Leaves room for the buffers of both ends.
  expect(sent).toBeLessThan(20_000_000)
})

test('[SE20] a request to an issuer with slow headers or a slow body is aborted', async () => {
  for (const answer of [() => {}, (res: ServerResponse) => void res.write('{"keys":[')]) {
    const issuer = await startIssuer()
    const token = await (await issuer.newKey('k1'))()
    issuer.answer = answer
    const world = await worldWith(issuer.url)
    const answers = [answerTo(world, token), answerTo(world, token)]
    await world.until(() => issuer.asked === 1)
    await world.clock.advance(3_000)
    expect(await Promise.all(answers)).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
    expect(linesAbout(world, 'error')).toMatchObject([{ fields: { why: expect.stringMatching(/within 3000 ms/) } }])
  }
})

test('[SE20] handshakes at the same time cause one request', async () => {
  const issuer = await startIssuer()
  const sign = await issuer.newKey('k1')
  const tokens = await Promise.all(Array.from({ length: 30 }, (_, n) => sign({ sub: `p${n}` })))
  const world = await startWorld({ env: { JWKS_URL: issuer.url }, titles: { chess: {} } })
  const ids = await Promise.all(tokens.map((token, n) => answerTo(world, token, n % 2 ? 'chess' : undefined)))
  expect(ids).toEqual(tokens.map((_, n) => `p${n}`))
  expect(issuer.asked).toBe(1)
})

test('[SE20] known keys stay valid while the issuer is down', async () => {
  const issuer = await startIssuer()
  const token = await (await issuer.newKey('k1'))()
  const publish = issuer.answer
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, token)).toBe('ann')
  issuer.answer = (res) => void res.destroy()
  for (let hours = 0; hours < 5; hours++) {
    await world.clock.advance(3_600_000)
    expect(await answerTo(world, token)).toBe('ann')
  }
  await world.until(() => linesAbout(world, 'error').length === 1)
  // While the issuer is down, an unknown key may be a new one.
  const unknown = await (await issuer.newKey('k2'))()
  expect(await answerTo(world, unknown)).toBe('UNAVAILABLE')
  issuer.answer = publish
  await world.clock.advance(1_000)
  expect(await answerTo(world, unknown)).toBe('ann')
  expect(linesAbout(world, 'error')).toHaveLength(1)
})

test('[SE20] a revoked key is rejected once the issuer omits it', async () => {
  const issuer = await startIssuer()
  const token = await (await issuer.newKey('k1'))()
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, token)).toBe('ann')
  issuer.keys.length = 0
  const other = await (await issuer.newKey('k2'))()
  await world.clock.advance(600_001)
  await answerTo(world, other)
  await world.until(() => issuer.asked === 2)
  expect(await answerTo(world, other)).toBe('ann')
  expect(await answerTo(world, token)).toBe('UNAUTHENTICATED')
})

test('[SE20] a new key is accepted at once', async () => {
  const issuer = await startIssuer()
  await issuer.newKey('k1')
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, await (await issuer.newKey('k2'))())).toBe('ann')
  const rotated = await (await issuer.newKey('k3'))()
  expect(await answerTo(world, rotated)).toBe('ann')
  expect(issuer.asked).toBe(2)
})

test('[SE20] tokens that name unknown keys cause few requests to the issuer', async () => {
  const issuer = await startIssuer()
  const sign = await issuer.newKey('k1')
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, await sign())).toBe('ann')
  for (let n = 0; n < 40; n++)
    expect(await answerTo(world, await sign({}, { kid: `made-up-${n}` }))).toBe('UNAUTHENTICATED')
  expect(issuer.asked).toBe(2)
  await world.clock.advance(10_000)
  for (let n = 0; n < 10; n++)
    expect(await answerTo(world, await sign({}, { kid: `more-${n}` }))).toBe('UNAUTHENTICATED')
  expect(issuer.asked).toBe(3)
  expect(await answerTo(world, await sign())).toBe('ann')
})

test('[SE20] an issuer that is down is asked at most once a second', async () => {
  const issuer = await startIssuer()
  const sign = await issuer.newKey('k1')
  issuer.answer = (res) => void res.writeHead(503).end()
  const world = await worldWith(issuer.url)
  for (let n = 0; n < 20; n++) expect(await answerTo(world, await sign({}, { kid: `k${n}` }))).toBe('UNAVAILABLE')
  expect(issuer.asked).toBe(1)
})

test('[SE20] a broken key does not affect the valid ones', async () => {
  const issuer = await startIssuer()
  issuer.keys.push(null, 5, 'x', [], {}, { kty: 'RSA', kid: 'k1' }, { kty: 'RSA', kid: 'k0', n: '!', e: {} })
  issuer.keys.push({ kty: 'EC', kid: 'k1', crv: 'P-1', x: 1 }, { kty: 'oct', kid: 'k1', k: 'c2VjcmV0' })
  const sign = await issuer.newKey('k1')
  issuer.keys.push({ kty: 'RSA', kid: ['k1'], alg: 5, key_ops: 'verify' })
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, await sign())).toBe('ann')
  expect(await answerTo(world, await sign({}, { kid: 'k0' }))).toBe('UNAUTHENTICATED')
})

test('[SE20] a token that names no key is verified with all keys', async () => {
  const issuer = await startIssuer()
  await issuer.newKey()
  const sign = await issuer.newKey()
  const world = await worldWith(issuer.url)
  expect(await answerTo(world, await sign())).toBe('ann')
  const stranger = await (await startIssuer()).newKey()
  expect(await answerTo(world, await stranger())).toBe('UNAUTHENTICATED')
})
