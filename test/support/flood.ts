// Floods a server with WebSocket frames over raw connections, as fast as they go, until it is killed: a process of its
// own, so that the test's own loop stays free. Counts how often it was cut.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

const [port = '', payload = '', opcode = '1', connections = '3', greeting = '', fragments = '0'] = process.argv.slice(2)

/** A masked frame of a client (RFC 6455, section 5.2); the mask is 0, which leaves the payload as it is. */
function frame(text: string, kind = Number(opcode), isFinal = true): Buffer {
  const body = Buffer.from(text)
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | kind, ...length, 0, 0, 0, 0]), body])
}
/** A message in one frame, or followed by this many empty fragments, the last of which ends it. */
function message(text: string): Buffer {
  const more = Array.from({ length: Number(fragments) }, (_, n) => frame('', 0, n === Number(fragments) - 1))
  return Buffer.concat([frame(text, Number(opcode), more.length === 0), ...more])
}
const texts = payload.split('|')
const frames = Array.from({ length: 5_000 / (1 + Number(fragments)) }, (_, n) =>
  message(texts[n % texts.length]?.replaceAll('#', `${n}`) ?? ''),
)
const chunk = Buffer.concat(frames)
// HTTP requests in place of frames, without waiting for the replies.
const isHttp = payload.startsWith('GET ')
const pipelined = Buffer.from(`${payload} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(2_000))
let cuts = 0

function flood(): void {
  const socket = connect(Number(port), '127.0.0.1')
  const pump = () => {
    while (socket.writable && socket.write(isHttp ? pipelined : chunk));
  }
  socket.on('error', () => {})
  if (isHttp) return void socket.on('drain', pump).on('connect', pump).resume()
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  socket.once('data', () => {
    for (const text of greeting ? greeting.split('|') : []) socket.write(frame(text, 1))
    socket.resume()
    socket.on('drain', pump)
    setTimeout(pump, greeting ? 300 : 0)
  })
  socket.once('close', () => {
    cuts += 1
    process.send?.(cuts)
    setTimeout(flood, 5)
  })
}
for (let n = 0; n < Number(connections); n++) flood()
