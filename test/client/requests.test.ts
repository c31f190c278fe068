import { expect, test } from 'vitest'
import { chatRequests, lobbyRequests, partyRequests, peopleRequests, queueRequests } from '../../src/client/requests.ts'
import { lobby } from '../../src/protocol/events/lobby.ts'
import { match, relay } from '../../src/protocol/events/match.ts'
import { client, inOneMatch, stateWhere } from '../support/client.ts'
import { startWorld } from '../support/world.ts'

/** The requests of `lobbies.watch` and `people.watch`. */
const WATCH_REQUESTS = ['lobby:watch', 'lobby:unwatch', 'player:watch']

test('[SD10] every request of /lobby has one method', () => {
  const tables = [queueRequests, lobbyRequests, partyRequests, chatRequests, peopleRequests]
  const named = [...tables.flatMap((table) => Object.values<string>(table)), ...WATCH_REQUESTS]
  expect(named.sort()).toEqual(Object.keys(lobby.requests).sort())
})

test('[SD10] every request of /match has one method of a room', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const [room] = await inOneMatch(world, ann, await client(world, 'bob'))
  const names = [...Object.keys(match.requests), relay.event].map((event) => event.replace('match:', ''))
  // `joinMatch` and `spectate` are `match:join`.
  for (const name of names.filter((one) => one !== 'join')) expect(room, name).toHaveProperty(name)
})

test('[SD10] the methods of a room send what they say', async () => {
  const world = await startWorld({ mode: { countdownMs: 60_000, spectators: true } })
  const [ann, bob] = [await client(world, 'ann'), await client(world, 'bob')]
  const [room, other] = await inOneMatch(world, ann, bob)
  const { matchId } = room.view
  for (const one of [room, other]) expect(await one.ready()).toEqual({ ok: true })
  expect(await room.set({ key: 'map', value: 'harbour' })).toEqual({ ok: true, version: 1 })
  expect(await room.set({ key: 'map', value: 'hill', ifVersion: 0 })).toMatchObject({ error: { code: 'STALE_STATE' } })
  expect(await room.pause()).toEqual({ ok: true })
  expect(await room.resume()).toEqual({ ok: true })
  expect(await room.finish({ placements: [[0], [1]] })).toEqual({ ok: true, agreed: false })
  expect(await other.finish({ placements: [[0], [1]] })).toEqual({ ok: true, agreed: true })
  expect(await room.rematch(true)).toEqual({ ok: true })
  const next = stateWhere(ann, (state) => state.match !== null && state.match.matchId !== matchId)
  expect(await other.rematch(true)).toEqual({ ok: true })
  expect(await next).toMatchObject({ match: { mode: 'duel' } })
})

test('[SD11] a spectator follows a match, also after a lost connection, and leaves', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const players = [await world.player('bob'), await world.player('cid')] as const
  const matchId = await world.queue([...players])
  for (const player of players) await player.joins(matchId)
  const ann = await client(world, 'ann')
  let isBack = () => {}
  const cameBack = new Promise<void>((resolve) => {
    isBack = resolve
  })
  const watched = await ann.spectate(matchId, { changed: (_view, event) => event === null && isBack() })
  if (!watched.ok) throw new Error(watched.error.code)
  expect(watched.view.spectators).toMatchObject([{ name: 'ann' }])
  ann.lobby.socket.io.engine.close()
  await cameBack
  expect(watched.view.spectators).toMatchObject([{ name: 'ann' }])
  expect(await watched.leave()).toEqual({ ok: true })
  await players[0].hears('match:event', ({ type }) => type === 'spectator.left')
})

test('[SD13] a subscription returns a function that ends it', async () => {
  const world = await startWorld()
  const ann = await client(world, 'ann')
  const bob = await client(world, 'bob')
  const heard: string[] = []
  const stop = ann.on('chat:message', ({ text }) => void heard.push(text))
  const isThere = new Promise((resolve) => ann.lobby.socket.on('chat:message', resolve))
  await bob.chat.send({ to: { playerId: ann.session.playerId }, text: 'one' })
  await isThere
  stop()
  const isThereToo = new Promise((resolve) => ann.lobby.socket.once('chat:message', resolve))
  await bob.chat.send({ to: { playerId: ann.session.playerId }, text: 'two' })
  await isThereToo
  expect(heard).toEqual(['one'])
})
