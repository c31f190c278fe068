import { expect, test } from 'vitest'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { partyOf } from '../support/parties.ts'
import { copyOf } from '../support/records.ts'
import { startWorld } from '../support/world.ts'

const namesIn = (members: { name: string }[]) => members.map(({ name }) => name)

test('[SE70] a player with a new name has it in party, lobby, chat and queue, on every device', async () => {
  const records = openMemoryRecordStore()
  const world = await startWorld({ records, mode: { countdownMs: 0 } })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  const { lobby } = await ann.asks('lobby:create', { mode: 'party', name: 'x', visibility: 'public' })
  await bob.asks('lobby:join', { code: lobby.code })
  const phone = await world.stranger({ token: ann.session.token, name: 'Anna' }).arrive()
  expect(phone.session.name).toBe('Anna')
  const party = await bob.hears('party:state', ({ party }) => party.members[0].name === 'Anna')
  expect(namesIn(party.party.members)).toEqual(['Anna', 'bob'])
  await bob.hears('lobby:state', (state) => state.lobby.members[0].name === 'Anna')
  expect((await bob.asks('lobby:list')).lobbies).toMatchObject([{ host: { name: 'Anna' } }])
  await ann.asks('chat:send', { to: { party: true }, text: 'from the old tab' })
  expect(await bob.hears('chat:message')).toMatchObject({ from: { name: 'Anna' } })
  expect(await bob.asks('player:get', { playerId: ann.id })).toMatchObject({ name: 'Anna' })

  const later = await startWorld({ records: await copyOf(records) })
  const back = await later.again(bob)
  expect(namesIn(back.session.resumed.party.members)).toEqual(['Anna', 'bob'])
  expect(namesIn(back.session.resumed.lobby.members)).toEqual(['Anna', 'bob'])
})

test('[SE70] a tab that comes back by its old token takes the name that is in use', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  await world.stranger({ token: ann.session.token, name: 'Anna' }).arrive()
  ann.drops()
  const back = await world.again(ann)
  expect(back.session.name).toBe('Anna')
})

test('[SE70] the seat of a match that is still to come bears the new name', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  await ann.asks('queue:join', { mode: 'duel' })
  await world.stranger({ token: ann.session.token, name: 'Anna' }).arrive()
  await bob.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId } = await bob.hears('match:found')
  const { match } = await bob.joins(matchId)
  expect(namesIn(match.seats).sort()).toEqual(['Anna', 'bob'])
})
