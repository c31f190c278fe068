import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type Muster, type PlayerState } from '../../src/client/client.ts'
import { chatRequests, lobbyRequests, partyRequests, peopleRequests, queueRequests } from '../../src/client/requests.ts'
import { lobby } from '../../src/protocol/events/lobby.ts'
import { match } from '../../src/protocol/events/match.ts'
import { startWorld, type World } from '../support/world.ts'

async function client(world: World, name: string, token?: string): Promise<Muster> {
  const muster = await connect(world.url, { name, ...(token && { token }) })
  onTestFinished(() => muster.close())
  return muster
}
/** Resolves with the first state of a player that fits. */
function stateWhere(muster: Muster, fits: (state: PlayerState) => boolean): Promise<PlayerState> {
  return new Promise((resolve) => {
    const look = (state: PlayerState) => fits(state) && resolve(state)
    onTestFinished(muster.onState(look))
    look(muster.state)
  })
}
/** The requests that `lobbies.watch` sends. */
const LIST_REQUESTS = ['lobby:watch', 'lobby:unwatch']

test('[SD10] every request of /lobby has one method', () => {
  const tables = [queueRequests, lobbyRequests, partyRequests, chatRequests, peopleRequests]
  const named = [...tables.flatMap((table) => Object.values<string>(table)), ...LIST_REQUESTS]
  expect(named.sort()).toEqual(Object.keys(lobby.requests).sort())
})

test('[SD10] docs/sdk.md lists every method', () => {
  const page = readFileSync('docs/sdk.md', 'utf8')
  const groups = {
    queue: queueRequests,
    lobbies: lobbyRequests,
    party: partyRequests,
    chat: chatRequests,
    people: peopleRequests,
  }
  for (const [group, table] of Object.entries(groups))
    for (const [method, event] of Object.entries(table))
      expect(page).toContain(`| \`${group}.${method}\` | \`${event}\` |`)
})

test('[SD10] every request of /match has one method of a room', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const bob = await world.player('bob')
  await ann.queue.join({ mode: 'duel' })
  await world.queue([bob])
  const { match: seat } = await stateWhere(ann, (state) => state.match !== null)
  const room = await ann.joinMatch(seat?.matchId ?? '')
  // Joining and syncing is what the room itself does.
  for (const event of Object.keys(match.requests).filter((name) => !['match:join', 'match:sync'].includes(name)))
    expect(room, event).toHaveProperty(event.replace('match:', ''))
})

test('[SD10] the methods of a room send what they say', async () => {
  const world = await startWorld({ mode: { countdownMs: 60_000, spectators: true } })
  const [ann, bob] = [await client(world, 'ann'), await client(world, 'bob')]
  for (const player of [ann, bob]) expect(await player.queue.join({ mode: 'duel' })).toMatchObject({ ok: true })
  await world.clock.advance(0)
  const { match: seat } = await stateWhere(ann, (state) => state.match !== null)
  const matchId = seat?.matchId ?? ''
  const rooms = [await ann.joinMatch(matchId), await bob.joinMatch(matchId)]
  for (const room of rooms) expect(room.ok && (await room.ready())).toEqual({ ok: true })
  const [room, other] = rooms
  if (!room?.ok || !other?.ok) throw new Error('a player could not join')
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

test('[SD12] the state follows ticket, match, party and lobby on every connection of the player', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const tab = await client(world, 'ann', ann.session.token)
  expect(ann.state).toEqual({ ticket: null, proposal: null, match: null, party: null, lobby: null })

  const party = await ann.party.create()
  expect(party.ok && ann.state.party).toMatchObject(party.ok ? party.party : {})
  await stateWhere(tab, (state) => state.party !== null)
  await ann.party.leave()
  await stateWhere(ann, (state) => state.party === null)
  await stateWhere(tab, (state) => state.party === null)

  await ann.lobbies.create({ mode: 'duel', name: 'Ours', visibility: 'public' })
  expect(ann.state.lobby).toMatchObject({ name: 'Ours' })
  await stateWhere(tab, (state) => state.lobby?.name === 'Ours')
  await tab.lobbies.leave()
  await stateWhere(ann, (state) => state.lobby === null)

  const joined = await ann.queue.join({ mode: 'duel' })
  expect(joined.ok && ann.state.ticket).toEqual(joined.ok ? joined.ticket : {})
  await tab.queue.leave()
  await stateWhere(ann, (state) => state.ticket === null)
})

test('[SD12] after a reconnect the state is what the server says', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const bob = await world.player('bob')
  await ann.queue.join({ mode: 'duel' })
  ann.lobby.socket.io.engine.close()
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  expect(await stateWhere(ann, (state) => state.match !== null)).toMatchObject({
    ticket: null,
    match: { mode: 'duel' },
  })
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
