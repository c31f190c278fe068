import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Server } from 'socket.io'
import { expect, test } from 'vitest'
import { createNewcomers, hasEntered, MOST_NEWCOMERS } from '../../src/gateway/connection/newcomers.ts'

type Conn = Parameters<typeof hasEntered>[0]['conn']

function newcomersOn() {
  const engine = new EventEmitter()
  const newcomers = createNewcomers({ addressOf: ({ headers }) => String(headers.host) })
  newcomers.watch({ engine } as unknown as Server)
  const from = (host: string) => ({ headers: { host } }) as IncomingMessage
  function comes(host: string): Conn {
    const conn = Object.assign(new EventEmitter(), { request: from(host) }) as unknown as Conn
    engine.emit('connection', conn)
    return conn
  }
  return { newcomers, comes, mayConnect: (host: string) => newcomers.mayConnect(from(host)) }
}

test('[DR31] an address may have 2,000 connections in no namespace; entering or closing makes room', () => {
  const { newcomers, comes, mayConnect } = newcomersOn()
  const conns = Array.from({ length: MOST_NEWCOMERS - 1 }, () => comes('192.0.2.1'))
  expect(mayConnect('192.0.2.1')).toBe(true)
  const last = comes('192.0.2.1')
  expect(mayConnect('192.0.2.1')).toBe(false)
  expect(mayConnect('192.0.2.2')).toBe(true)
  hasEntered({ conn: last })
  hasEntered({ conn: last })
  expect(mayConnect('192.0.2.1')).toBe(true)
  comes('192.0.2.1')
  expect(mayConnect('192.0.2.1')).toBe(false)
  last.emit('close', '')
  expect(mayConnect('192.0.2.1')).toBe(false)
  conns[0]?.emit('close', '')
  expect(mayConnect('192.0.2.1')).toBe(true)
  expect(newcomers.size()).toBe(1)
})

test('[DR31] [CL2] an address is forgotten once all its connections have entered or closed', () => {
  const { newcomers, comes } = newcomersOn()
  hasEntered({ conn: comes('192.0.2.1') })
  comes('192.0.2.2').emit('close', '')
  expect(newcomers.size()).toBe(0)
})

test('[DR31] IPv6 addresses of one /64 count together', () => {
  const { comes, mayConnect } = newcomersOn()
  for (let n = 0; n < MOST_NEWCOMERS; n++) comes(`2001:db8::${n.toString(16)}`)
  expect(mayConnect('2001:db8::ffff')).toBe(false)
  expect(mayConnect('2001:db8:0:1::1')).toBe(true)
})
