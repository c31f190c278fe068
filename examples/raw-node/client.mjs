// Plays a duel over a plain WebSocket, without a Socket.IO library: node client.mjs [url]
// docs/clients.md explains the frames. Only `ws` is needed; browsers and Node 22 have WebSocket built in.
import WebSocket from 'ws'

const url = process.argv[2] ?? 'http://localhost:3000'

/** Opens a connection; resolves with functions for one or more namespaces on it. */
function open() {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const waiting = new Map()
  const listeners = []
  let acks = 0

  socket.on('message', (bytes) => {
    const text = bytes.toString()
    // Engine.IO: 0 open, 1 close, 2 ping, 3 pong, 4 message.
    if (text === '2') return socket.send('3')
    if (text[0] !== '4') return
    // Socket.IO: 0 connected, 1 disconnected, 2 event, 3 ack, 4 refused.
    const [, kind, namespace, ack, json] = /^4(\d)(?:(\/[^,]+),)?(\d+)?(.*)$/s.exec(text)
    const data = json === '' ? undefined : JSON.parse(json)
    if (kind === '3') {
      waiting.get(ack)?.(data[0])
      waiting.delete(ack)
    } else if (kind === '2') for (const listener of [...listeners]) listener(namespace, ...data)
    else if (kind === '0') for (const listener of [...listeners]) listener(namespace, 'connect')
    else if (kind === '4') throw new Error(`${namespace}: ${data.message}`)
  })

  return {
    opened: new Promise((resolve) => socket.once('message', resolve)),
    enter: (namespace, auth = {}) => socket.send(`40${namespace},${JSON.stringify(auth)}`),
    tell: (namespace, event, ...args) => socket.send(`42${namespace},${JSON.stringify([event, ...args])}`),
    ask(namespace, event, payload) {
      const ack = String(acks++)
      socket.send(`42${namespace},${ack}${JSON.stringify([event, payload])}`)
      return new Promise((resolve) => waiting.set(ack, resolve))
    },
    /** Resolves with the arguments of the next such event that fits. */
    hear(namespace, event, fits = () => true) {
      return new Promise((resolve) => {
        const listener = (from, name, ...args) => {
          if (from !== namespace || name !== event || !fits(...args)) return
          listeners.splice(listeners.indexOf(listener), 1)
          resolve(args)
        }
        listeners.push(listener)
      })
    },
    close: () => socket.close(),
  }
}

async function enterBoth(token) {
  const line = open()
  await line.opened
  const session = line.hear('/lobby', 'session')
  line.enter('/lobby', token ? { token } : { name: 'Raw Node' })
  const [{ token: fresh }] = await session
  const connected = line.hear('/match', 'connect')
  line.enter('/match', { token: fresh })
  await connected
  return { line, token: fresh }
}

const first = await enterBoth()
const found = first.line.hear('/lobby', 'match:found')
const queued = await first.line.ask('/lobby', 'queue:join', { mode: 'duel' })
if (!queued.ok) throw new Error(queued.error.message)
const [{ matchId, seat }] = await found

const playing = first.line.hear('/match', 'match:event', ({ state }) => state === 'playing')
const said = first.line.hear('/match', 'match:message')
const joined = await first.line.ask('/match', 'match:join', { matchId })
if (!joined.ok) throw new Error(joined.error.message)
if (joined.match.state !== 'playing') await playing
first.line.tell('/match', 'match:send', `hello from seat ${seat}`, [1 - seat])
const [fromSeat, text] = await said
console.log(`seat ${fromSeat} says ${text}`)

// The connection breaks, and the client comes back to the same match: `since` is the last event it knows.
first.line.close()
const second = await enterBoth(first.token)
const back = await second.line.ask('/match', 'match:join', { matchId, since: { epoch: joined.epoch, seq: joined.seq } })
if (!back.ok) throw new Error(back.error.message)
console.log(`resumed at ${back.seq} with ${back.events.length} events`)
const refused = await second.line.ask('/match', 'match:act', { type: '' })
console.log(`refused: ${refused.error.code}`)
await new Promise((resolve) => setTimeout(resolve, 500))
second.line.close()
