import { EventEmitter } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { MatchListener } from '../../src/client/match/match-log.ts'
import { joinMatch } from '../../src/client/match/match-room.ts'
import { viewOf } from '../../src/machines/match/match-view.ts'
import type { MatchEvent } from '../../src/protocol/match-view.ts'
import { accept, type Reply, refuse } from '../../src/protocol/reply.ts'
import { openedMatch } from '../support/openings.ts'

const match = viewOf(openedMatch().snapshot, { who: 0, visibilities: {}, referee: null, now: 0 })
const joinedAt = (seq: number, events: MatchEvent[] = []) =>
  accept({ match, you: { as: 'player', seat: 0, team: 0 }, epoch: 1, seq, events })
const line = (seq: number, type: 'player.back' | 'player.forfeited' = 'player.back'): MatchEvent => ({
  matchId: match.matchId,
  epoch: 1,
  seq,
  at: 0,
  type,
  seat: 1,
})

/** The client's end of a connection whose server is the test. */
function connection() {
  const socket = new EventEmitter()
  const asked: [event: string, payload: { since?: object }][] = []
  const answers: ((reply: Reply) => void)[] = []
  const ask = (event: string, payload: { since?: object }) => {
    asked.push([event, payload])
    return new Promise<Reply>((resolve) => answers.push(resolve))
  }
  const heard: string[] = []
  const join = (
    listener: MatchListener = {
      changed: (_view, event) => heard.push(event ? `event ${event.seq}` : 'view'),
      message: (seat, data) => heard.push(`message ${seat} ${data}`),
      closed: (outcome) => heard.push(`closed ${outcome}`),
    },
  ) => joinMatch({ socket, ask } as never, match.matchId, listener)
  const answer = (reply: Reply) => answers.shift()?.(reply)
  return { socket, asked, answer, heard, join }
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 5))

test('events right behind the reply are heard in order', async () => {
  const { socket, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  socket.emit('match:event', line(4))
  socket.emit('match:message', 1, 'hello')
  socket.emit('match:closed', { matchId: match.matchId, outcome: 'aborted' })
  expect(await joining).toMatchObject({ ok: true, seat: 0 })
  await soon()
  expect(heard).toEqual(['event 4', 'message 1 hello', 'closed aborted'])
})

test('a repeated event is heard once', async () => {
  const { socket, answer, heard, join } = connection()
  const joining = join()
  socket.emit('match:event', line(3))
  answer(joinedAt(3))
  await joining
  await soon()
  socket.emit('match:event', line(3))
  socket.emit('match:event', line(4))
  expect(heard).toEqual(['event 4'])
})

test('missing events are fetched, and later events wait for them', async () => {
  const { socket, asked, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  const room = await joining
  await soon()
  socket.emit('match:event', line(6, 'player.forfeited'))
  socket.emit('match:event', line(7))
  expect(asked.at(-1)).toEqual(['match:sync', { since: { epoch: 1, seq: 3 } }])
  answer(joinedAt(6, [line(4), line(5), line(6, 'player.forfeited')]))
  await soon()
  expect(heard).toEqual(['event 4', 'event 5', 'event 6', 'view', 'event 7'])
  expect(room.ok && room.view.seats[1]?.status).toBe('present')
})

test('a reconnected client joins again from its last event, even in the middle of a request', async () => {
  const { socket, asked, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  await joining
  await soon()
  socket.emit('match:event', line(5))
  socket.emit('connect')
  expect(asked.slice(1).map(([event]) => event)).toEqual(['match:sync', 'match:join'])
  answer(joinedAt(4, [line(4)]))
  answer(joinedAt(5, [line(4), line(5)]))
  await soon()
  expect(heard).toEqual(['event 4', 'event 5', 'view'])
})

test('a room closes when its match is over on return', async () => {
  const { socket, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  await joining
  await soon()
  socket.emit('connect')
  answer(refuse('NOT_FOUND'))
  await soon()
  expect(heard).toEqual(['closed null'])
  expect(socket.eventNames()).toEqual([])
})

test('a refused join leaves no listener', async () => {
  const { socket, answer, join } = connection()
  const joining = join()
  answer(refuse('NOT_FOUND'))
  expect(await joining).toMatchObject({ ok: false })
  expect(socket.eventNames()).toEqual([])
})

test('an action whose reply was lost is retried with the same id', async () => {
  const { asked, answer, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  const room = await joining
  if (!room.ok) throw new Error('not joined')
  const first = room.act({ type: 'mark' })
  answer(refuse('UNAVAILABLE', { retryAfterMs: 1 }))
  await soon()
  answer(accept({ seq: 4 }))
  expect(await first).toEqual({ ok: true, seq: 4 })
  const second = room.act({ type: 'mark' })
  answer(refuse('NOT_YOUR_TURN'))
  expect(await second).toMatchObject({ error: { code: 'NOT_YOUR_TURN' } })
  const ids = asked.slice(1).map(([, payload]) => (payload as { id: string }).id)
  expect(ids[0]).toBe(ids[1])
  expect(ids[2]).not.toBe(ids[0])
})

test('the line of an agreed rematch, which names the next match, is heard', async () => {
  const { socket, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  const room = await joining
  await soon()
  socket.emit('match:event', { ...line(4), type: 'rematch.agreed', matchId: 'the-next' })
  socket.emit('match:event', line(5))
  expect(heard).toEqual(['event 4', 'event 5'])
  expect(room.ok && room.view.rematch?.matchId).toBe('the-next')
})

test('a room closes when its connection joins the next match', async () => {
  const { socket, asked, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  await joining
  const next = joinMatch(
    { socket, ask: async () => ({ ...joinedAt(1), match: { ...match, matchId: 'm2' } }) } as never,
    'm2',
    {},
  )
  expect(await next).toMatchObject({ ok: true })
  await soon()
  socket.emit('connect')
  socket.emit('match:event', line(9))
  expect(heard).toEqual(['closed null'])
  expect(asked).toHaveLength(1)
})

test.each(['player.left', 'player.forfeited'] as const)(
  '[SD6] a room closes when its player is out of the match: %s',
  async (type) => {
    const { socket, answer, heard, join } = connection()
    const joining = join()
    answer(joinedAt(3))
    await joining
    await soon()
    socket.emit('match:event', { ...line(4), type, seat: 0 })
    expect(heard).toEqual(['event 4', 'closed null'])
    expect(socket.eventNames()).toEqual([])
  },
)

test('[SD4] messages sent outside the match are dropped and counted, never kept', async () => {
  const { socket, answer, join } = connection()
  const sent: unknown[] = []
  socket.on('match:send', (data) => sent.push(data))
  const joining = join()
  answer(joinedAt(3))
  const room = await joining
  if (!room.ok) throw new Error('not joined')
  await soon()
  expect(room.send('before')).toBe(true)
  socket.emit('disconnect', 'transport close')
  expect(room.send('without a connection')).toBe(false)
  socket.emit('connect')
  expect(room.send('not back in the match yet')).toBe(false)
  answer(joinedAt(3))
  await soon()
  expect(room.send('after')).toBe(true)
  expect(room.send('x'.repeat(17_000))).toBe(false)
  expect([sent, room.dropped]).toEqual([['before', 'after'], 3])
})

test('[SD1] an action without an outcome ends with the last refusal', async () => {
  const { answer, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  const room = await joining
  if (!room.ok) throw new Error('not joined')
  const acting = room.act({ type: 'mark' }, { timeoutMs: 0 })
  answer(refuse('UNAVAILABLE'))
  expect(await acting).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  const giveUp = new AbortController()
  const again = room.act({ type: 'mark' }, { signal: giveUp.signal })
  answer(refuse('UNAVAILABLE'))
  await soon()
  giveUp.abort(new Error('enough'))
  await expect(again).rejects.toThrow('enough')
})

test('[SD19] a listener that throws does not stop the room', async () => {
  const thrown: unknown[] = []
  const queue = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
    try {
      task()
    } catch (fault) {
      thrown.push(fault)
    }
  })
  onTestFinished(() => queue.mockRestore())
  const { socket, answer, join } = connection()
  const fault = new Error('a mistake of the page')
  const seen: number[] = []
  const joining = join({
    changed(_view, event) {
      seen.push(event?.seq ?? 0)
      throw fault
    },
  })
  answer(joinedAt(3))
  const room = await joining
  await soon()
  socket.emit('match:event', line(6))
  answer(joinedAt(6, [line(4), line(5), line(6)]))
  await soon()
  socket.emit('match:event', line(7))
  expect(seen).toEqual([4, 5, 6, 0, 7])
  expect(thrown).toEqual([fault, fault, fault, fault, fault])
  expect(room.ok && room.send('still in')).toBe(true)
})

test('[SD10] sync fetches the view, and resolves with the reply', async () => {
  const { asked, answer, heard, join } = connection()
  const joining = join()
  answer(joinedAt(3))
  const room = await joining
  await soon()
  const synced = room.ok ? room.sync() : null
  expect(asked.at(-1)).toEqual(['match:sync', { since: { epoch: 1, seq: 3 } }])
  answer(joinedAt(4, [line(4)]))
  expect(await synced).toMatchObject({ ok: true, seq: 4 })
  expect(heard).toEqual(['event 4', 'view'])
})
