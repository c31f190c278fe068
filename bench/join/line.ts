import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * A WebSocket client that looks at no more of a frame than it must, so that a thousand of them leave the processor to
 * the server. It speaks Engine.IO 4 and Socket.IO 5 by hand.
 */
export interface Line {
  /** Enters a namespace; rejects when the server refuses. */
  enter(namespace: string, auth?: object): Promise<void>
  /** Asks, and resolves to the beginning of the reply's text: enough to see whether it was granted. */
  ask(namespace: string, event: string, payload: object): Promise<string>
  /** The first argument of the next such event. Ask for it before causing it. */
  next<Payload>(namespace: string, event: string): Promise<Payload>
  /** Sends a Socket.IO packet as it stands. */
  send(packet: string): void
  /** Where the match's log stands for this connection: at the `seq` of the last view, and one on with each line. */
  readonly position: number
  /** Called with the text of every `match:message`. */
  onMessage: (packet: string) => void
  onClosed: () => void
  /** Ends the connection without a word. */
  drop(): void
}

const [MATCH_EVENT, MESSAGE] = ['42/match,["match:event"', '42/match,["match:message"']
/** Of a longer text only the ends are looked at. */
const LOOKED_AT = 4_096
const HEAD = 64
const TAIL = 64

export async function openLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url)
  const tcp = connect({ host: hostname, port: Number(port), noDelay: true })
  const waiting = new Map<string, { resolve: (value: never) => void; reject: (why: Error) => void }>()
  let asked = 0
  let position = 0

  const wait = <Value>(key: string) =>
    new Promise<Value>((resolve, reject) => {
      waiting.set(key, { resolve, reject })
    })
  function settle(key: string, value: unknown): void {
    waiting.get(key)?.resolve(value as never)
    waiting.delete(key)
  }

  function read(frame: Buffer): void {
    if (frame[0] === PING) return send('3')
    const head = frame.toString('latin1', 0, HEAD)
    if (head.startsWith(MATCH_EVENT)) position += 1
    else if (head.startsWith(MESSAGE)) line.onMessage(frame.toString())
    else readPacket(frame)
  }

  function readPacket(frame: Buffer): void {
    const text = frame.length <= LOOKED_AT ? frame.toString() : frame.toString('latin1', 0, HEAD)
    const [, kind, namespace, id = '', body = ''] = /^4(\d)(\/\w+),(\d*)(.*)$/s.exec(text) ?? []
    const key = `${kind} ${namespace} ${id}`
    if (kind === '0') settle(key, undefined)
    if (kind === '3') {
      const tail = frame.toString('latin1', Math.max(0, frame.length - TAIL))
      position = Number(/"seq":(\d+),"events":\[\]\}\]$/.exec(tail)?.[1] ?? position)
      settle(key, body)
    }
    if (kind === '4') waiting.get(`0 ${namespace} `)?.reject(new Error(`${namespace} refused: ${body}`))
    if (kind !== '2') return
    const [event, payload] = frame.length <= LOOKED_AT ? JSON.parse(body) : [/^\["([^"]+)/.exec(body)?.[1], null]
    settle(`2 ${namespace} ${event}`, payload)
  }

  function send(packet: string): void {
    tcp.write(maskedFrame(packet))
  }
  function say(packet: string, key: string): Promise<never> {
    send(packet)
    return wait<never>(key)
  }

  const line: Line = {
    enter: (namespace, auth = {}) => say(`40${namespace},${JSON.stringify(auth)}`, `0 ${namespace} `),
    ask(namespace, event, payload) {
      const id = asked++
      return say(`42${namespace},${id}${JSON.stringify([event, payload])}`, `3 ${namespace} ${id}`)
    },
    next: (namespace, event) => wait(`2 ${namespace} ${event}`),
    send,
    get position() {
      return position
    },
    onMessage: () => {},
    onClosed: () => {},
    drop: () => tcp.destroy(),
  }

  await handshake(tcp, `${hostname}:${port}`)
  readFrames(tcp, read)
  tcp.on('error', () => {})
  tcp.on('close', () => {
    line.onClosed()
    for (const { reject } of waiting.values()) reject(new Error('the server closed the connection'))
  })
  return line
}

const PING = '2'.charCodeAt(0)

async function handshake(tcp: Socket, host: string): Promise<void> {
  await once(tcp, 'connect')
  const asks = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', `Host: ${host}`]
  const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='
  tcp.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${[...asks, key].join('\r\n')}\r\n\r\n`)
  let answer = Buffer.alloc(0)
  while (!answer.includes('\r\n\r\n')) answer = Buffer.concat([answer, (await once(tcp, 'data'))[0] as Buffer])
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error('the server wants no WebSocket')
  tcp.pause()
  tcp.unshift(answer.subarray(answer.indexOf('\r\n\r\n') + 4))
}

/** Hands on the payload of each frame; a server's frames are whole and not masked. */
function readFrames(tcp: Socket, read: (frame: Buffer) => void): void {
  let rest: Buffer[] = []
  let restBytes = 0
  let wanted = 2
  tcp.on('data', (chunk: Buffer) => {
    rest.push(chunk)
    restBytes += chunk.length
    if (restBytes < wanted) return
    let bytes = rest.length === 1 ? chunk : Buffer.concat(rest)
    for (let end = endOf(bytes); end <= bytes.length; end = endOf(bytes)) {
      read(bytes.subarray(headerOf(bytes), end))
      bytes = bytes.subarray(end)
    }
    wanted = endOf(bytes)
    rest = [bytes]
    restBytes = bytes.length
  })
  tcp.resume()
}

const headerOf = (bytes: Buffer): number => ({ 126: 4, 127: 10 })[bytes[1] ?? 0] ?? 2

function endOf(bytes: Buffer): number {
  const header = headerOf(bytes)
  if (bytes.length < header || bytes.length < 2) return Math.max(header, 2)
  if (header === 2) return 2 + (bytes[1] ?? 0)
  return header + (header === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)))
}

/** A text frame as a client sends it, with a mask that changes nothing (RFC 6455, section 5.2). */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const isShort = payload.length < 126
  const frame = Buffer.alloc((isShort ? 6 : 8) + payload.length)
  frame[0] = 0x81
  frame[1] = 0x80 | (isShort ? payload.length : 126)
  if (!isShort) frame.writeUInt16BE(payload.length, 2)
  payload.copy(frame, isShort ? 6 : 8)
  return frame
}
