import { WebSocket } from 'ws'

/** One connection that speaks Engine.IO 4 and Socket.IO 5 frames by hand, so that the driver stays cheap. */
export interface Wire {
  /** Joins a namespace; throws when the server refuses. */
  connect(namespace: string, auth?: object): Promise<void>
  /** Asks with an ack; throws when the reply is a refusal. */
  ask<Reply>(namespace: string, event: string, payload: object): Promise<Reply>
  /** The first argument of the next such event. Ask for it before causing it. */
  next<Payload>(namespace: string, event: string): Promise<Payload>
  /** Sends a frame as it stands. */
  send(frame: string): void
  /** Called for every `match:message`. */
  onMessage: (fromSeat: number, data: never) => void
  /** Called when the server refuses an event or drops the connection. */
  onTrouble: (why: string) => void
  close(): void
}

const PING = '2'
const PONG = '3'
const MESSAGE = '42/match,["match:message",'
const FRAME = /^4(\d)(\/[^,]+),(\d*)(.*)$/s
const [CONNECTED, EVENT, ACK, REFUSED] = ['0', '2', '3', '4']

type Waiter = { resolve: (value: never) => void; reject: (why: Error) => void }

/** Opens the WebSocket and waits for the Engine.IO handshake. */
export async function openWire(url: string): Promise<Wire> {
  const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false })
  const waiters = new Map<string, Waiter>()
  let asked = 0

  const wait = <Value>(key: string) =>
    new Promise<Value>((resolve, reject) => {
      waiters.set(key, { resolve, reject })
    })
  const take = (key: string) => {
    const waiter = waiters.get(key)
    waiters.delete(key)
    return waiter
  }
  const fail = (why: string) => {
    for (const key of [...waiters.keys()]) take(key)?.reject(new Error(why))
    wire.onTrouble(why)
  }

  const read = (frame: string) => {
    const [, kind, namespace, id, body] = FRAME.exec(frame) ?? []
    if (kind === undefined) return
    const value = body ? JSON.parse(body) : undefined
    if (kind === CONNECTED) take(`connect ${namespace}`)?.resolve(undefined as never)
    if (kind === REFUSED)
      take(`connect ${namespace}`)?.reject(new Error(`${namespace} refused the connection: ${body}`))
    if (kind === ACK) take(`ack ${namespace} ${id}`)?.resolve(value[0] as never)
    if (kind === EVENT) take(`${value[0]} ${namespace}`)?.resolve(value[1] as never)
    if (kind === EVENT && value[0] === 'refused') fail(`${namespace} refused: ${body}`)
  }

  const wire: Wire = {
    connect(namespace, auth = {}) {
      const connected = wait<void>(`connect ${namespace}`)
      socket.send(`40${namespace},${JSON.stringify(auth)}`)
      return connected
    },
    async ask<Reply>(namespace: string, event: string, payload: object) {
      const id = asked++
      const answered = wait<Reply & { ok: boolean }>(`ack ${namespace} ${id}`)
      socket.send(`42${namespace},${id}${JSON.stringify([event, payload])}`)
      const reply = await answered
      if (!reply.ok) throw new Error(`${event} was refused: ${JSON.stringify(reply)}`)
      return reply
    },
    next: (namespace, event) => wait(`${event} ${namespace}`),
    send: (frame) => socket.send(frame),
    onMessage: () => {},
    onTrouble: () => {},
    close: () => socket.removeAllListeners('close').terminate(),
  }

  socket.on('message', (bytes) => {
    const frame = (bytes as Buffer).toString()
    if (frame === PING) return socket.send(PONG)
    if (!frame.startsWith(MESSAGE)) return read(frame)
    const [, fromSeat, data] = JSON.parse(frame.slice(MESSAGE.indexOf('[')))
    wire.onMessage(fromSeat, data as never)
  })
  socket.on('close', () => fail('the server closed the connection'))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('error', (why) => fail(why.message))
  return wire
}
