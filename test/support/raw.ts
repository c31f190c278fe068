import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

/** Speaks to the server without Socket.IO's client, which would not send such packets. */
export async function rawConnection({ url }: { url: string }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const heard: string[] = []
  let isClosed = false
  socket.on('message', (data) => heard.push(data.toString()))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  void closed.then(() => {
    isClosed = true
  })
  onTestFinished(() => socket.terminate())
  await new Promise((resolve) => socket.once('open', resolve))
  return {
    closed,
    /** Resolves with the first answer to a ping. */
    isPonged: new Promise((resolve) => socket.once('pong', resolve)),
    isClosed: () => isClosed,
    heard,
    ping: () => socket.ping(),
    pong: () => socket.pong(),
    /** Part of a message that goes on. */
    sendPart: (part: string) => socket.send(part, { fin: false }),
    send: (packet: string | Buffer) => socket.send(packet),
    /** In one chunk, where they are small enough. */
    sendTogether(packets: readonly (string | Buffer)[]): void {
      const tcp = (socket as unknown as { _socket: { cork(): void; uncork(): void } })._socket
      tcp.cork()
      for (const packet of packets) socket.send(packet)
      tcp.uncork()
    },
    hears: (start: string) => expect.poll(() => heard.find((text) => text.startsWith(start))).toBeTypeOf('string'),
    close: () => socket.close(),
  }
}
