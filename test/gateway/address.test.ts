import { io } from 'socket.io-client'
import { expect, onTestFinished, test } from 'vitest'
import { networkOf } from '../../src/gateway/connection/address.ts'
import { trustedProxies } from '../../src/gateway/connection/proxies.ts'
import { startWorld } from '../support/world.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('[LO4] %s belongs to the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test.each([
  ['198.51.100.7', '10.0.0.1', '198.51.100.7'],
  ['203.0.113.9, 198.51.100.7, 10.0.0.2', '::ffff:10.0.0.1', '198.51.100.7'],
  ['198.51.100.7', '203.0.113.5', '203.0.113.5'],
  ['garbage', '10.0.0.1', '10.0.0.1'],
  [undefined, '10.0.0.1', '10.0.0.1'],
  ['10.0.0.3', '10.0.0.1', '10.0.0.3'],
])('[LO4] a request forwarded for %s by %s counts for %s', (forwarded, remoteAddress, expected) => {
  const req = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }
  expect(trustedProxies(['10.0.0.0/8']).addressOf(req as never)).toBe(expected)
})

/** The answers to guests who guess a lobby's password one after the other from one address. */
async function guessed(url: string, lobbyId: string, from: string, count: number): Promise<string[]> {
  const codes: string[] = []
  for (let n = 0; n < count; n++) {
    const extraHeaders = { 'X-Forwarded-For': from }
    const socket = io(`${url}/lobby`, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders })
    onTestFinished(() => void socket.disconnect())
    codes.push((await socket.emitWithAck('lobby:join', { lobbyId, password: `${n}` })).error.code)
    socket.disconnect()
  }
  return codes
}

test.each([
  ['127.0.0.1', 'WRONG_PASSWORD'],
  ['', 'LOCKED'],
])('[LO4] behind the proxies %j another address has its own limit of guesses: %s', async (proxies, expected) => {
  const world = await startWorld({ env: { TRUSTED_PROXIES: proxies } })
  const ann = await world.player('ann')
  const asked = { mode: 'party', name: 'x', visibility: 'public', password: 'sesame' }
  const { lobby } = await ann.asks('lobby:create', asked)
  expect((await guessed(world.url, lobby.id, '198.51.100.7', 31)).at(-1)).toBe('LOCKED')
  expect(await guessed(world.url, lobby.id, '198.51.100.8', 1)).toEqual([expected])
})
