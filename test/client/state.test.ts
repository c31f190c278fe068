import { expect, test } from 'vitest'
import type { Ending, Muster } from '../../src/client/client.ts'
import { client, drop, inOneMatch, stateWhere, tabOf } from '../support/client.ts'
import { startWorld } from '../support/world.ts'

/** Resolves with the next ending of this kind. */
const endingOf = (muster: Muster, kind: Ending['what']) =>
  new Promise<Ending>((resolve) => muster.onEnded((ending) => ending.what === kind && resolve(ending)))

test('[SD12] the state follows ticket, match, party and lobby on every connection of the player', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const tab = await tabOf(world, ann)
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
  expect((await stateWhere(tab, (state) => state.ticket !== null)).ticket).toEqual(ann.state.ticket)
  await tab.queue.leave()
  await stateWhere(ann, (state) => state.ticket === null)
})

test('[SD12] a tab that has not joined the match knows of it until it is over', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const tab = await tabOf(world, ann)
  const ended = endingOf(tab, 'match')
  const [room, other] = await inOneMatch(world, ann, await client(world, 'bob'))
  expect(ann.state.match).toMatchObject({ matchId: room.view.matchId, joinBy: null })
  expect(tab.state.match).toMatchObject({ matchId: room.view.matchId, mode: 'duel', seat: room.seat })
  for (const one of [room, other]) await one.finish({ placements: [[0], [1]] })
  await stateWhere(tab, (state) => state.match === null)
  await stateWhere(ann, (state) => state.match === null)
  expect(await ended).toEqual({ what: 'match', id: room.view.matchId, reason: 'completed' })
})

test('[SD12] after a reconnect the state is what the server says', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const bob = await world.player('bob')
  await ann.queue.join({ mode: 'duel' })
  drop(ann)
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  expect(await stateWhere(ann, (state) => state.match !== null)).toMatchObject({
    ticket: null,
    match: { mode: 'duel' },
  })
})

test('[SD15] what ends is told once, with the reason', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const ann = await client(world, 'ann')
  const bob = await client(world, 'bob')
  const endings: Ending[] = []
  bob.onEnded((ending) => endings.push(ending))
  const created = await ann.lobbies.create({ mode: 'duel', name: 'Ours', visibility: 'public' })
  const lobbyId = created.ok ? created.lobby.id : ''
  const isOut = endingOf(bob, 'lobby')
  await bob.lobbies.join({ lobbyId })
  await ann.lobbies.kick({ playerId: bob.session.playerId })
  await isOut
  const joined = await bob.queue.join({ mode: 'duel' })
  const isOver = endingOf(bob, 'ticket')
  await bob.queue.leave()
  await isOver
  expect(endings).toEqual([
    { what: 'lobby', id: lobbyId, reason: 'kicked' },
    { what: 'ticket', id: joined.ok && joined.ticket.id, reason: 'cancelled' },
  ])
})

test('[SD15] what ended while the connection was lost is told after the reconnect, in the room too', async () => {
  const world = await startWorld({ mode: { countdownMs: 0, graceMs: 1_000 } })
  const ann = await client(world, 'ann')
  const bob = await client(world, 'bob')
  const { matchId } = (await inOneMatch(world, ann, bob))[0].view
  let heard: (said: unknown[]) => void = () => {}
  const closed = new Promise((resolve) => {
    heard = resolve
  })
  // This room takes the place of the first.
  await ann.joinMatch(matchId, { closed: (...said) => heard(said) })
  const ended = endingOf(ann, 'match')
  ann.lobby.socket.io.reconnectionDelay(200)
  const isAway = new Promise<void>((resolve) => {
    bob.match.socket.on('match:event', ({ type }) => type === 'player.away' && resolve())
  })
  drop(ann)
  await isAway
  await world.clock.advance(1_000)
  expect(await ended).toEqual({ what: 'match', id: matchId, reason: 'forfeited' })
  expect(await closed).toEqual([null, 'forfeited'])
})
