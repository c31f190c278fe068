import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { watchLobbies } from '../../src/client/lobby-list.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import { accept, refuse } from '../../src/protocol/reply.ts'
import { startWorld } from '../support/world.ts'

const lobby = (id: string, createdAt: number, members = 1) => ({ id, createdAt, members })
const page = (version: number, ...lobbies: object[]) => accept({ lobbies, version })
const soon = () => new Promise((resolve) => setTimeout(resolve, 5))

/** The client's end of a connection whose server is the test. */
function watching() {
  const socket = Object.assign(new EventEmitter(), { connected: true })
  const asked: string[] = []
  const answers: ((reply: Reply) => void)[] = []
  const ask = (event: string) => {
    asked.push(event)
    return new Promise<Reply>((resolve) => answers.push(resolve))
  }
  const seen: string[] = []
  const stop = watchLobbies({ socket, ask } as never, {}, (lobbies) =>
    seen.push(lobbies.map(({ id, members }) => `${id}${members}`).join(' ')),
  )
  const answer = async (reply: Reply) => {
    answers.shift()?.(reply)
    await soon()
  }
  const tell = (event: string, version: number, what: object) => socket.emit(`lobby:${event}`, { version, ...what })
  return { socket, asked, answer, tell, seen, stop }
}

test('the live list follows the pushes, newest first', async () => {
  const { answer, tell, seen } = watching()
  await answer(page(5, lobby('a', 2), lobby('b', 1)))
  tell('listed', 6, { lobbies: [lobby('c', 2), lobby('d', 3)] })
  tell('changed', 7, { lobbies: [lobby('b', 1, 2)] })
  tell('unlisted', 8, { lobbyIds: ['a', 'd'] })
  expect(seen).toEqual(['a1 b1', 'd1 c1 a1 b1', 'd1 c1 a1 b2', 'c1 b2'])
})

test('a change in several pushes is shown after the last one', async () => {
  const { answer, tell, seen } = watching()
  await answer(page(1, lobby('a', 1)))
  tell('unlisted', 2, { lobbyIds: ['a'], more: true })
  tell('listed', 2, { lobbies: [lobby('b', 2)] })
  expect(seen).toEqual(['a1', 'b1'])
})

test('a push that arrives before the reply counts only if it is newer', async () => {
  const { answer, tell, seen } = watching()
  tell('listed', 4, { lobbies: [lobby('old', 1)] })
  tell('listed', 6, { lobbies: [lobby('new', 2)] })
  await answer(page(5, lobby('a', 1)))
  expect(seen).toEqual(['new1 a1'])
})

test('after a reconnect the list is fetched anew, and the previous one is dropped', async () => {
  const { socket, answer, tell, seen } = watching()
  await answer(page(9, lobby('a', 1)))
  socket.emit('connect')
  tell('listed', 2, { lobbies: [lobby('c', 2)] })
  await answer(page(1, lobby('b', 1)))
  expect(seen).toEqual(['a1', 'c1 b1'])
})

test('a temporary refusal is retried, and the listener is not called after the stop', async () => {
  const { asked, answer, tell, seen, stop } = watching()
  await answer(refuse('OVERLOADED', { retryAfterMs: 1 }))
  await answer(page(1, lobby('a', 1)))
  expect(asked).toEqual(['lobby:watch', 'lobby:watch'])
  stop()
  tell('unlisted', 2, { lobbyIds: ['a'] })
  expect([seen, asked.at(-1)]).toEqual([['a1'], 'lobby:unwatch'])
})

test('[LO21] the client’s live list equals a fresh list', async () => {
  const world = await startWorld()
  const muster = await connect(world.url, { name: 'ann' })
  const seen: string[][] = []
  const stop = muster.watchLobbies({ mode: 'duel' }, (lobbies) => seen.push(lobbies.map(({ name }) => name)))
  await world.until(() => seen.length === 1)
  const bob = await world.player('bob')
  const others = [bob, await world.player('cleo'), await world.player('dan')]
  for (const [n, player] of others.entries()) {
    await player.asks('lobby:create', { mode: n === 1 ? 'party' : 'duel', name: `no ${n}`, visibility: 'public' })
    await world.clock.advance(1_000)
  }
  await world.until(() => seen.at(-1)?.length === 2)
  const fresh = await bob.asks('lobby:list', { mode: 'duel' })
  expect(seen.at(-1)).toEqual(fresh.lobbies.map(({ name }: { name: string }) => name))
  stop()
  muster.close()
})
