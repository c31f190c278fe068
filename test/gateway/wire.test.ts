import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { Server, type Socket } from 'socket.io'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { messageFrame } from '../../src/gateway/match/relay.ts'
import { wireOf } from '../../src/gateway/match/wire.ts'

const CONNECT = '40/match,'

/** A bare Socket.IO server with one client that records every WebSocket frame. */
async function bareConnection(options: object = {}) {
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'], ...options })
  const connected = new Promise<Socket>((resolve) => io.of('/match').on('connection', resolve))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const client = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
  const frames: string[] = []
  client.on('message', (data) => frames.push(data.toString()))
  client.once('open', () => client.send(CONNECT))
  onTestFinished(async () => {
    client.close()
    await io.close()
  })
  const socket = await connected
  const next = async (count: number) => {
    while (frames.length < count + 2) await new Promise((resolve) => client.once('message', resolve))
    return frames.slice(2)
  }
  return { socket, next, client }
}

test('[RL5] the fast path and the stock path put the same bytes on the wire', async () => {
  const { socket, next } = await bareConnection()
  const wire = wireOf(socket.conn)
  const values = fc.sample(fc.tuple(fc.nat(999), fc.jsonValue()), { numRuns: 300, seed: 7 })
  for (const [seat, data] of values) {
    socket.emit('match:message', seat, data)
    await new Promise((resolve) => setImmediate(resolve))
    expect(wire.send(messageFrame('/match', seat, data))).toBe(true)
  }
  const frames = await next(values.length * 2)
  for (let n = 0; n < frames.length; n += 2) expect(frames[n + 1]).toBe(frames[n])
})

test.each([1, 125, 126, 127, 65_535, 65_536, 70_000])(
  '[RL5] a frame of about %i bytes is well formed',
  async (size) => {
    const { socket, next } = await bareConnection()
    const data = 'x'.repeat(Math.max(0, size - `42/match,["match:message",0,""]`.length))
    expect(wireOf(socket.conn).send(messageFrame('/match', 0, data))).toBe(true)
    expect(await next(1)).toEqual([`42/match,["match:message",0,"${data}"]`])
  },
)

test('[RL5] the fast path is not used while earlier messages are queued above it', async () => {
  const { socket, next } = await bareConnection()
  const wire = wireOf(socket.conn)
  socket.emit('first')
  socket.emit('second')
  expect(wire.send(messageFrame('/match', 0, 'third'))).toBe(false)
  expect(await next(2)).toEqual(['42/match,["first"]', '42/match,["second"]'])
})

test('[RL5] a compressed or closed connection takes the stock path', async () => {
  const compressed = await bareConnection({ perMessageDeflate: true })
  expect(wireOf(compressed.socket.conn).send(messageFrame('/match', 0, 1))).toBe(false)
  const { socket } = await bareConnection()
  const wire = wireOf(socket.conn)
  socket.disconnect(true)
  expect(wire.send(messageFrame('/match', 0, 1))).toBe(false)
})
