import { expect, test } from 'vitest'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { copyOf, copyOfMatches } from '../support/records.ts'
import { startWorld } from '../support/world.ts'

const faulty = {
  setup: () => ({}),
  act: () => {
    throw new Error('no')
  },
  over: () => null,
  view: () => null,
}
const duel = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }
const aborted = { ok: false, error: { code: 'MATCH_ABORTED' } }

test('[MT63] players of an aborted match hear MATCH_ABORTED for any request, at any time', async () => {
  const store = openMemoryMatchStore()
  const world = await startWorld({ modes: [{ ...duel, rules: faulty }], store })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  expect(await ann.asks('match:act', { type: 'x' })).toMatchObject(aborted)
  await bob.hears('match:closed')
  for (const player of group) {
    expect(await player.asks('match:sync', { since: { epoch: 1, seq: 0 } })).toMatchObject(aborted)
    expect(await player.asks('match:act', { type: 'x' })).toMatchObject(aborted)
    expect(await player.joins(matchId)).toMatchObject(aborted)
  }
  bob.sends('hello?')
  expect(await bob.hears('refused')).toMatchObject({ event: 'match:send', error: { code: 'MATCH_ABORTED' } })
  expect(await (await world.player('eve')).joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await ann.asks('player:get', { playerId: ann.id })).toMatchObject({ matches: [] })

  const later = await startWorld({ modes: [{ ...duel, rules: faulty }], store })
  const back = await later.again(ann)
  expect(await back.joins(matchId)).toMatchObject(aborted)
  expect(await back.asks('match:act', { type: 'x' })).toMatchObject(aborted)
  const next = await later.queue([back, await later.again(bob)])
  expect(await back.joins(next)).toMatchObject({ ok: true })
})

test('[MT62] a match that waited for its mode goes on with the time that it had left', async () => {
  const store = openMemoryMatchStore()
  const records = openMemoryRecordStore()
  const world = await startWorld({ modes: [duel], store, records })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await world.clock.advance(600_000)
  const now = world.clock.now()
  const stores = async (from: { store: typeof store; records: typeof records }) => {
    const copy = await copyOfMatches(from.store)
    await copy.beat(now)
    return { store: copy, records: await copyOf(from.records) }
  }

  const without = await stores({ store, records })
  const other = { ...duel, id: 'other' }
  const meanwhile = await startWorld({ modes: [other], ...without, now: now + 5_000 })
  const ann2 = await meanwhile.again(ann)
  expect(ann2.session.resumed).toEqual({})
  expect(await ann2.joins(matchId)).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(await (await meanwhile.player('eve')).joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  await meanwhile.clock.advance(7_200_000)
  await without.store.beat(meanwhile.clock.now())

  const withIt = { store: await copyOfMatches(without.store), records: await copyOf(without.records) }
  await withIt.store.beat(meanwhile.clock.now())
  const last = await startWorld({ modes: [duel, other], ...withIt, now: meanwhile.clock.now() + 5_000 })
  const bob3 = await last.again(bob)
  expect(bob3.session.resumed).toMatchObject({ match: { matchId } })
  expect(await bob3.joins(matchId)).toMatchObject({
    match: { state: 'playing', deadline: { name: 'endBy', at: last.clock.now() + 3_000_000 } },
  })
})

test('[MT62] [MT1] a player who plays elsewhere when the mode is back has left the waiting match', async () => {
  const first = { store: openMemoryMatchStore(), records: openMemoryRecordStore() }
  const other = { ...duel, id: 'other' }
  const world = await startWorld({ modes: [duel], ...first })
  const { group, matchId } = await world.playing('ann', 'bob')
  const second = { store: await copyOfMatches(first.store), records: await copyOf(first.records) }
  const meanwhile = await startWorld({ modes: [other], ...second })
  const pair = [await meanwhile.again(group[0]), await meanwhile.player('cat')] as const
  const elsewhere = await meanwhile.queue([...pair], 'other')
  for (const player of pair) await player.joins(elsewhere)

  const third = { store: await copyOfMatches(second.store), records: await copyOf(second.records) }
  const last = await startWorld({ modes: [duel, other], ...third })
  const ann = await last.again(group[0])
  expect(ann.session.resumed.match).toMatchObject({ matchId: elsewhere })
  expect(await ann.joins(matchId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await (await last.again(group[1])).joins(matchId)).toMatchObject({
    match: { seats: [{ status: 'left' }, {}] },
  })
})

test('[ST3] a match of an unknown form is aborted, and no other', async () => {
  const store = openMemoryMatchStore()
  const first = await startWorld({ modes: [duel], store })
  const { group, matchId } = await first.playing('ann', 'bob')
  const records = await copyOfMatches(store)
  await records.commit({ matchId: 'odd' as never, epoch: 1, after: 0, snapshot: { schema: 99 } as never, lines: [] })
  const later = await startWorld({ modes: [duel], store: records })
  const ann = await later.again(group[0])
  expect(await ann.joins('odd')).toMatchObject(aborted)
  expect(await ann.joins(matchId)).toMatchObject({ ok: true })
  expect(later.logged).toContainEqual(
    expect.objectContaining({ level: 'error', fields: expect.objectContaining({ match: 'odd' }) }),
  )
})
