import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createOrigins } from '../../src/gateway/connection/origin.ts'
import { trustedProxies } from '../../src/gateway/connection/proxies.ts'
import { readEnv } from '../../src/settings/env.ts'
import { startWorld } from '../support/world.ts'

interface Asked {
  allowed?: string[]
  proxies?: string[]
  isLocalAllowed?: boolean
  origin?: string
  host?: string
  forwardedHost?: string
  from?: string
}
function isAllowed({ allowed = [], proxies = [], isLocalAllowed = false, ...asked }: Asked): boolean {
  const origins = createOrigins({ allowed, proxies: trustedProxies(proxies), isLocalAllowed })
  const { origin, host = 'play.example', forwardedHost, from = '203.0.113.5' } = asked
  const headers = { origin, host, ...(forwardedHost && { 'x-forwarded-host': forwardedHost }) }
  return origins.isAllowed({ headers, socket: { remoteAddress: from } } as Parameters<typeof origins.isAllowed>[0])
}

test.each([
  ['https://example.org', 'https://example.org'],
  ['https://example.org/', 'https://example.org'],
  ['HTTPS://Example.ORG', 'https://example.org'],
  ['https://example.org:443', 'https://example.org'],
  ['http://example.org:80/', 'http://example.org'],
  ['https://example.org:8443', 'https://example.org:8443'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['http://[::1]:5173', 'http://[::1]:5173'],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['https://*.example.org', 'https://www.example.org'],
  ['https://*.Example.org/', 'https://a.b.example.org'],
  ['https://*.example.org:8443', 'https://www.example.org:8443'],
  ['*', 'https://anywhere.example'],
  ['*', 'null'],
])('[DR8] %s on the list allows %s', (entry, origin) => {
  expect(readEnv({ ALLOWED_ORIGINS: entry }).ALLOWED_ORIGINS).toEqual([entry])
  expect(isAllowed({ allowed: ['https://other.example', entry], origin })).toBe(true)
})

test.each([
  ['https://example.org', 'https://example.org.evil.com'],
  ['https://example.org', 'https://evilexample.org'],
  ['https://example.org', 'https://www.example.org'],
  ['https://example.org', 'http://example.org'],
  ['https://example.org', 'https://example.org:8443'],
  ['https://example.org', 'https://example.org@evil.com'],
  ['https://example.org', 'https://evil.com#https://example.org'],
  ['https://example.org', 'https://evil.com\\@example.org'],
  ['https://example.org', 'null'],
  ['https://example.org', ''],
  ['https://*.example.org', 'https://example.org'],
  ['https://*.example.org', 'https://evilexample.org'],
  ['https://*.example.org', 'https://www.example.org.evil.com'],
  ['https://*.example.org', 'https://*.example.org'],
  ['https://*.example.org', 'http://www.example.org'],
  ['https://*.example.org', 'https://www.example.org:8443'],
])('[DR8] %s on the list does not allow %s', (entry, origin) => {
  expect(isAllowed({ allowed: [entry], origin })).toBe(false)
})

test.each([
  ['example.org', /say https?:\/\/.*https:\/\/example\.org/],
  ['//example.org', /say http/],
  ['https://example.org/game', /no path/],
  ['https://example.org/?x=1', /no path/],
  ['wss://example.org', /where the page comes from/],
  ['https://user@example.org', /a scheme, a host/],
  ['https://example.org:99999', /a scheme, a host/],
  ['https://', /a scheme, a host/],
  ['https://ex*mple.org', /a star stands for/],
  ['https://*', /a star stands for/],
  ['https://*.*.org', /a star stands for/],
  ['*.example.org', /say http/],
  ['null', /by \* alone/],
  ['https://example.org https://two.example', /no path|a scheme, a host/],
])('[OP20] %s on the list, which can never match, stops the start', (entry, why) => {
  const read = () => readEnv({ ALLOWED_ORIGINS: `https://good.example,${entry}` })
  expect(read).toThrow(/^ALLOWED_ORIGINS: .*can never match/)
  expect(read).toThrow(why)
  expect(read).toThrow(entry)
})

test.each([
  'http://localhost',
  'http://localhost:5173',
  'https://localhost:8443',
  'http://127.0.0.1:8080',
  'http://[::1]:3000',
  'http://app.localhost:5173',
])('[OP21] %s may connect in development only', (origin) => {
  expect(isAllowed({ isLocalAllowed: true, origin })).toBe(true)
  expect(isAllowed({ isLocalAllowed: false, origin })).toBe(false)
})

test.each([
  'http://localhost.evil.com',
  'http://evil-localhost',
  'http://127.0.0.1.evil.com',
  'http://evil.com@localhost',
  'file://localhost',
  'null',
])('[OP21] %s is not an origin of this machine', (origin) => {
  expect(isAllowed({ isLocalAllowed: true, origin })).toBe(false)
})

test.each<[Asked, boolean]>([
  [{ origin: 'https://play.example' }, true],
  [{ origin: 'https://play.example', host: 'PLAY.example:443' }, true],
  [{ origin: 'http://play.example:3000', host: 'play.example:3000' }, true],
  [{ origin: 'http://play.example', host: 'play.example:3000' }, false],
  [{ origin: 'https://play.example', host: 'play.example@evil' }, false],
  [{ origin: 'https://evil.example', forwardedHost: 'evil.example' }, false],
  [{ origin: 'https://web.example', forwardedHost: 'web.example', proxies: ['203.0.113.5'] }, true],
  [{ origin: 'https://web.example', forwardedHost: 'web.example, inner', proxies: ['203.0.113.0/24'] }, true],
  [{ origin: 'https://web.example', forwardedHost: 'web.example', proxies: ['203.0.114.0/24'] }, false],
  [
    { origin: 'https://web.example', forwardedHost: 'web.example', proxies: ['10.0.0.0/8'], from: '::ffff:10.1.2.3' },
    true,
  ],
  [{ origin: 'https://web.example', forwardedHost: 'web.example', proxies: ['fd00::/8'], from: 'fd00::7' }, true],
  [{ origin: 'https://web.example', forwardedHost: 'web.example', proxies: ['fd00::/8'], from: 'fe80::7' }, false],
  [{ origin: 'https://play.example', forwardedHost: 'web.example', proxies: ['203.0.113.5'] }, false],
])('[OP22] the server’s own origin is the requested host, also through trusted proxies: %j', (asked, expected) => {
  expect(isAllowed(asked)).toBe(expected)
})

test.each(['proxy.example', '10.0.0.0/33', 'fd00::/129', '10.0.0', '10.0.0.0/', '300.1.1.1'])(
  '[OP22] %s among TRUSTED_PROXIES stops the start',
  (entry) => {
    expect(() => readEnv({ TRUSTED_PROXIES: `127.0.0.1, ${entry}` })).toThrow(/^TRUSTED_PROXIES: .*is no address/)
  },
)

/** The HTTP status of a WebSocket handshake from a page of this origin. */
function statusFor(url: string, origin: string): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { origin })
  return new Promise((resolve) => {
    socket.once('unexpected-response', (_req, res) => {
      res.resume()
      resolve(res.statusCode ?? 0)
    })
    socket.once('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('error', () => {})
  })
}
const handshake = (url: string, origin: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { origin, ...headers } })

test('[OP23] a refused origin is logged once, with the setting that allows it', async () => {
  const world = await startWorld({ env: { ALLOWED_ORIGINS: 'https://game.example' } })
  const refused = () => world.logged.filter(({ phrase }) => phrase === 'page of another origin was refused')
  for (let n = 0; n < 3; n++) expect(await statusFor(world.url, 'https://new.example')).toBe(400)
  expect(refused()).toMatchObject([
    { level: 'warn', fields: { toAllow: 'ALLOWED_ORIGINS=https://new.example,https://game.example' } },
  ])
  for (let n = 0; n < 40; n++) await statusFor(world.url, `https://made-up-${n}.example`)
  expect(refused()).toHaveLength(20)
  await world.clock.advance(600_000)
  await statusFor(world.url, 'null')
  expect(refused().at(-1)?.fields).toMatchObject({ origin: 'null', toAllow: expect.stringContaining('=*') })
})

test('[DR8] CORS follows the same rules', async () => {
  const world = await startWorld({ env: { ALLOWED_ORIGINS: 'https://*.game.example', NODE_ENV: 'production' } })
  const corsOf = async (origin: string) =>
    (await handshake(world.url, origin)).headers.get('access-control-allow-origin')
  expect(await corsOf('https://www.game.example')).toBe('https://www.game.example')
  expect(await corsOf(world.url)).toBe(world.url)
  for (const origin of ['https://evil.example', 'http://localhost:5173', 'null'])
    expect(await corsOf(origin)).toBeNull()
})
