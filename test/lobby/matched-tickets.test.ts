import { expect, test } from 'vitest'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { openGate } from '../support/gate.ts'
import { partyOf } from '../support/parties.ts'
import { startWorld, type World } from '../support/world.ts'

const duel = { id: 'duel', teams: { count: 2, size: 1 } }
const trio = { id: 'trio', players: { min: 2, max: 3 } }
const pairs = { id: 'pairs', teams: { count: 2, size: 2, minSize: 1 } }

async function seated(world: World) {
  const group = await world.matched('ann', 'bob')
  const { matchId } = world.offers(group[0])
  for (const player of group) await player.joins(matchId)
  return { group, matchId }
}

test('[QU5] [QU14] a player who gave up the seat while the match gathered is not queued after a restart', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const first = await startWorld({ modes: [trio], ...kept })
  const group = await Promise.all(['ann', 'bob', 'cat'].map(first.player))
  const matchId = await first.queue(group)
  const [ann, bob, cat] = group as [(typeof group)[0], (typeof group)[0], (typeof group)[0]]
  for (const player of [ann, cat]) await player.joins(matchId)
  expect(await cat.asks('match:leave')).toMatchObject({ ok: true })
  await first.server.close()
  const second = await startWorld({ modes: [trio], ...kept, now: first.clock.now() })
  expect((await second.again(cat)).session.resumed.ticket).toBeUndefined()
  expect((await second.again(bob)).session.resumed.match).toMatchObject({ matchId })
})

test('[QU8] [QU17] a player who left a match before it was cancelled is not requeued, nor is the party’s ticket', async () => {
  const world = await startWorld({ modes: [pairs] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  await ann.asks('queue:join', { mode: 'pairs' })
  const rivals = [await world.player('cat'), await world.player('dan')]
  for (const player of rivals) await player.asks('queue:join', { mode: 'pairs' })
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:found')
  for (const player of [ann, bob]) await player.joins(matchId)
  expect(await bob.asks('match:leave')).toMatchObject({ ok: true })
  await world.clock.advance(60_000)
  expect(await ann.hears('match:cancelled')).toMatchObject({ requeued: false })
  expect((await world.again(bob)).session.resumed.ticket).toBeUndefined()
})

test('[QU8] [QU14] a ticket being requeued while the process stops is queued after the restart', async () => {
  const gate = openGate()
  const memory = openMemoryRecordStore()
  const records = {
    ...memory,
    write: (...args: Parameters<typeof memory.write>) => gate.pass(() => memory.write(...args)),
  }
  const world = await startWorld({ modes: [duel], store: openMemoryMatchStore(), records, isLasting: true })
  const { group, matchId } = await seated(world)
  const [ann, bob] = group
  gate.shut()
  await bob.asks('match:leave')
  expect(await ann.hears('match:cancelled')).toMatchObject({ matchId, requeued: true })
  const closing = world.server.close()
  await world.until(() => gate.waiting() > 0)
  gate.open()
  await closing
  expect(await memory.load('ticket')).toMatchObject([{ value: { members: [{ id: ann.id }] } }])
})
