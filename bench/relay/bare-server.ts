import { createServer } from 'node:http'
import { Server } from 'socket.io'

type Ack = (reply: object) => void

const sizeOf = (mode: string) => Number(mode.replace('bench', ''))

/**
 * What anyone would write first: Socket.IO rooms and `socket.to(room).emit`, nothing else. It makes matches over the
 * same events as Muster, by counting, so that one driver speaks to both and both move the same bytes. The heartbeat is
 * Muster's too, or the comparison would count pings.
 */
const http = createServer()
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  pingInterval: 5_000,
  pingTimeout: 4_000,
})

let queued = 0
io.of('/lobby').on('connection', (socket) => {
  socket.emit('session', { token: 'none' })
  socket.on('queue:join', ({ mode }: { mode: string }, reply: Ack) => {
    const matchId = `${mode}-${Math.floor(queued++ / sizeOf(mode))}`
    reply({ ok: true })
    socket.emit('match:found', { matchId })
  })
})

const seated = new Map<string, number>()
io.of('/match').on('connection', (socket) => {
  socket.on('match:join', async ({ matchId }: { matchId: string }, reply: Ack) => {
    const seat = seated.get(matchId) ?? 0
    const room = `match:${matchId}`
    seated.set(matchId, seat + 1)
    await socket.join(room)
    socket.on('match:send', (data: unknown) => socket.to(room).emit('match:message', seat, data))
    reply({ ok: true, you: { seat, team: seat } })
  })
})

http.listen(Number(process.env.PORT), process.env.HOST)
