import { expect, test } from 'vitest'
import { startWorld } from '../../support/world.ts'
import { gathered } from './gathering.ts'

const ids = (lobbies: { id: string }[]) => lobbies.map(({ id }) => id)

test('[PR20] a player whom the host blocks sees nothing of the lobby, in the list or live', async () => {
  const world = await startWorld()
  const { group, lobby } = await gathered(world, ['ann'])
  const [ann] = group
  const [eve, bob] = await world.players('eve', 'bob')
  for (const player of [eve, bob]) expect(ids((await player.asks('lobby:watch')).lobbies)).toEqual([lobby.id])
  await ann.asks('player:block', { playerId: eve.id, blocked: true })
  expect(await eve.hears('lobby:unlisted')).toMatchObject({ lobbyId: lobby.id })
  expect((await eve.asks('lobby:list')).lobbies).toEqual([])
  expect(ids((await bob.asks('lobby:list')).lobbies)).toEqual([lobby.id])
  await ann.asks('lobby:update', { name: 'Another name' })
  await world.clock.advance(1_000)
  expect(await bob.hears('lobby:changed')).toMatchObject({ lobby: { name: 'Another name' } })
  for (const event of ['lobby:changed', 'lobby:listed']) expect(await eve.heardSoFar(event)).toEqual([])
  const known = await eve.asks('lobby:join', { lobbyId: lobby.id })
  expect(known).toEqual(await eve.asks('lobby:join', { lobbyId: 'no such lobby' }))
  const coded = await eve.asks('lobby:join', { code: lobby.code })
  expect(coded).toEqual(await eve.asks('lobby:join', { code: 'NOSUCHCODE' }))
  await ann.asks('player:block', { playerId: eve.id, blocked: false })
  expect(await eve.hears('lobby:listed')).toMatchObject({ lobby: { id: lobby.id, name: 'Another name' } })
  expect(await eve.asks('lobby:join', { lobbyId: lobby.id })).toMatchObject({ ok: true })
})
