import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { startWorld } from '../support/world.ts'

/** Sends a GET with the path unchanged. */
function ask(url: string, path: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(url)
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((resolve, reject) => {
    get({ hostname, port, path, headers }, (res) => {
      let text = ''
      res.on('data', (chunk) => {
        text += chunk
      })
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text, headers: res.headers }))
    }).on('error', reject)
  })
}

test('[OP1] a running server is alive and ready', async () => {
  const world = await startWorld()
  expect(await ask(world.url, '/healthz')).toMatchObject({ status: 200, text: 'ok\n' })
  expect(await ask(world.url, '/readyz')).toMatchObject({ status: 200, text: 'ready\n' })
})

test('[OP1] a draining server is alive and not ready', async () => {
  const gauges = {
    connections: () => 0,
    titles: () => 0,
    players: () => 0,
    tickets: () => 0,
    lobbies: () => 0,
    parties: () => 0,
    matches: () => 0,
    rooms: () => 0,
  }
  const app = createApp({ metrics: createMetrics(gauges), isReady: () => false, pageDir: null, metricsToken: null })
  const http = createServer(app)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void http.close())
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  expect(await ask(url, '/readyz')).toMatchObject({ status: 503 })
  expect(await ask(url, '/healthz')).toMatchObject({ status: 200 })
})

test('[OP2] metrics show current counts', async () => {
  const world = await startWorld()
  await world.playing('ann', 'bob')
  const cat = await world.player('cat')
  await cat.asks('queue:join', { mode: 'duel' })
  const { text } = await ask(world.url, '/metrics')
  for (const line of [
    'muster_connections 3',
    'muster_players 3',
    'muster_tickets 1',
    'muster_matches 1',
    'muster_rooms 1',
  ]) {
    expect(text).toContain(`${line}\n`)
  }
})

test('[OP2] callers from other machines need the token to read metrics', async () => {
  const world = await startWorld({ env: { ADMIN_TOKEN: 'an admin token of some length' } })
  const forwarded = { 'x-forwarded-for': '192.0.2.1' }
  expect(await ask(world.url, '/metrics', forwarded)).toMatchObject({ status: 403 })
  expect(await ask(world.url, '/metrics', { ...forwarded, authorization: 'Bearer wrong' })).toMatchObject({
    status: 403,
  })
  const authorization = 'Bearer an admin token of some length'
  expect(await ask(world.url, '/metrics', { ...forwarded, authorization })).toMatchObject({ status: 200 })
})

test('[DR7] a request that is not a WebSocket handshake is refused on Socket.IO’s path', async () => {
  const world = await startWorld()
  for (const query of [
    '',
    '?EIO=4&transport=polling',
    '?EIO=3',
    '?EIO=4&transport=websocket',
    '?EIO=4&transport=polling&sid=x',
  ]) {
    expect((await ask(world.url, `/socket.io/${query}`)).status, query).toBe(400)
  }
  expect(await ask(world.url, '/healthz')).toMatchObject({ status: 200 })
})

test('other paths are not found, and no path reaches other files', async () => {
  const world = await startWorld()
  for (const path of ['/', '/nothing', '/../package.json', '/%2e%2e/package.json', '//etc/passwd', '/%']) {
    expect((await ask(world.url, path)).status, path).toBe(404)
  }
})

test('answers carry security headers', async () => {
  const world = await startWorld()
  const { headers } = await ask(world.url, '/healthz')
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['x-powered-by']).toBeUndefined()
})
