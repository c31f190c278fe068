import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setPriority } from 'node:os'
import type { Attack, Requests, Talk } from './attacks.ts'
import { bytesOf } from './frames.ts'

/** The argument of the process. */
export interface Orders {
  port: number
  attack: Attack
  connections: number
  /** How far others come first on the processor, 0 to 19. */
  nice: number
  /** Replaces `RANKED` in the requests. */
  ranked: string
}
export interface Struck {
  /** Connections that the server ended, and that were made again at once. */
  cuts: number
  /** Connections that are at it now. */
  atIt: number
}

const CHUNK_BYTES = 32_768
const PACE_MS = 50
const PING = Buffer.from([0x81, 1, 0x32])
const PONG = bytesOf({ payload: '3' })

const { port, attack, connections, nice, ranked } = JSON.parse(process.argv[2] ?? '{}') as Orders
setPriority(nice)
const struck: Struck = { cuts: 0, atIt: 0 }

/** What one of the attackers is known as, however often it has to come again. */
interface Known {
  token: string | null
  match: string | null
}

function dial(known: Known): void {
  const socket = connect(port, '127.0.0.1')
  let isAtIt = false
  const begin = () => {
    isAtIt = true
    struck.atIt += 1
  }
  socket.on('error', () => {})
  socket.once('connect', () => (attack.way === 'http' ? askOver(socket, begin) : talkOver(socket, known, begin)))
  socket.once('close', () => {
    if (isAtIt) struck.atIt -= 1
    struck.cuts += 1
    setImmediate(dial, known)
  })
}

/** Writes the bytes repeatedly, as fast as they are taken, or at a rate. */
function repeat(socket: Socket, what: Buffer): void {
  const { perSecond } = attack
  if (perSecond === undefined) {
    const chunk = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(CHUNK_BYTES / what.length)) }, () => what))
    const pump = () => {
      while (socket.writable && socket.write(chunk));
    }
    socket.on('drain', pump)
    return pump()
  }
  let due = 0
  const timer = setInterval(() => {
    due += (perSecond * PACE_MS) / 1_000
    for (; due >= 1; due -= 1) socket.write(what)
  }, PACE_MS)
  socket.once('close', () => clearInterval(timer))
}

function askOver(socket: Socket, begin: () => void): void {
  const { request } = attack as Requests
  const ask = (sid = '') => {
    begin()
    socket.resume()
    repeat(socket, Buffer.from(request.replaceAll('SID', sid)))
  }
  if (!request.includes('SID')) return ask()
  socket.write('GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n')
  socket.once('data', (answer) => ask(/"sid":"([^"]+)"/.exec(answer.toString('latin1'))?.[1]))
}

function talkOver(socket: Socket, known: Known, begin: () => void): void {
  const { enter, opening, frames } = attack as Talk
  const isBack = known.token !== null && (known.match !== null || !asks(enter, 'match:found'))
  const steps = isBack ? enter.filter(({ isOnce }) => !isOnce) : [...enter]
  let heard = ''
  const say = (text: string) => socket.write(bytesOf({ payload: filled(text, known) }))

  function go(): void {
    const [step] = steps
    if (step) return void say(step.say)
    begin()
    heard = ''
    if (opening) socket.write(bytesOf(opening))
    repeat(socket, Buffer.concat(frames.map((frame) => bytesOf({ ...frame, payload: filled(frame.payload, known) }))))
  }

  function hear(chunk: Buffer): void {
    if (chunk.length < 64 && chunk.includes(PING)) socket.write(PONG)
    if (steps.length === 0) return
    heard += chunk.toString('latin1')
    known.token = /"token":"([^"]+)"/.exec(heard)?.[1] ?? known.token
    known.match = /"match:found",\{"matchId":"([^"]+)"/.exec(heard)?.[1] ?? known.match
    if (!heard.includes(steps[0]?.until ?? '')) return
    steps.shift()
    go()
  }

  socket.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  socket.once('data', () => {
    socket.on('data', hear)
    go()
  })
}

const asks = (steps: readonly { until: string }[], event: string) => steps.some(({ until }) => until.includes(event))

function filled(text: string, { token, match }: Known): string {
  const auth = token === null ? '{}' : JSON.stringify({ token })
  return text
    .replaceAll('AUTH', auth)
    .replaceAll('MATCH', match ?? '')
    .replaceAll('RANKED', ranked)
}

process.on('message', () => process.send?.(struck))
process.on('disconnect', () => process.exit())
for (let n = 0; n < connections; n += 1) dial({ token: null, match: null })
