import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPersons } from '../../../src/lobby/people/persons.ts'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import { FakeClock } from '../../support/clock.ts'
import { playerId } from '../../support/openings.ts'
import { copyOf, troubledRecords } from '../../support/records.ts'
import { startWorld } from '../../support/world.ts'

const refused = (code: string) => ({ ok: false, error: { code } })
const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

test('[PR4] a block is kept, also over a restart, until it is lifted', async () => {
  const records = openMemoryRecordStore()
  const before = await startWorld({ records })
  const [ann, bob] = await before.players('ann', 'bob')
  expect(await ann.asks('player:block', { playerId: bob.id, blocked: true })).toEqual({ ok: true })
  expect(await ann.asks('player:block', { playerId: bob.id, blocked: true })).toEqual({ ok: true })
  const after = await startWorld({ records: await copyOf(records) })
  const { blocks } = after.server.social
  expect(blocks.of(ann.id as never)).toEqual([bob.id])
  expect([
    blocks.isBlocked(ann.id as never, bob.id as never),
    blocks.isBlocked(bob.id as never, ann.id as never),
  ]).toEqual([true, false])
  const back = await after.again(ann)
  expect(await back.asks('player:block', { playerId: bob.id, blocked: false })).toEqual({ ok: true })
  expect(blocks.of(ann.id as never)).toEqual([])
})

test('[PR4] players who cannot be blocked', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const [ann, bob] = await world.players('ann', 'bob')
  expect(await ann.asks('player:block', { playerId: ann.id, blocked: true })).toMatchObject(refused('BAD_REQUEST'))
  for (const id of ['__proto__', 'constructor', 'nobody']) {
    expect(await ann.asks('player:block', { playerId: id, blocked: true })).toMatchObject(refused('NOT_FOUND'))
    expect(await ann.asks('player:block', { playerId: id, blocked: false })).toEqual({ ok: true })
  }
  trouble.isFull = true
  expect(await ann.asks('player:block', { playerId: bob.id, blocked: true })).toMatchObject(refused('UNAVAILABLE'))
  expect(world.server.social.blocks.of(ann.id as never)).toEqual([])
})

test('[PR4] blocks made in many tabs at once are all kept, up to 500', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const { persons, blocks } = world.server.social
  const others = Array.from({ length: 501 }, (_, n) => playerId(`player-${n}`))
  for (const id of others) persons.departed(id)
  const block = (id: string) => persons.block(playerId(ann.id), playerId(id), true)
  const replies = await Promise.all(others.map(block))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(500)
  expect(await ann.asks('player:block', { playerId: bob.id, blocked: true })).toMatchObject(refused('FORBIDDEN'))
  expect(await block('player-0')).toEqual({ ok: true })
  expect(blocks.of(playerId(ann.id))).toEqual(others.slice(0, 500))
})

/** Whom a service remembers that is restarted for every look; `pass` lets somebody come and go. */
function memories() {
  const clock = new FakeClock()
  const records = openMemoryRecordStore()
  const online = new Set<string>()
  const blocksChanged = () => {}
  const open = () => createPersons({ records, isOnline: (id) => online.has(id), blocksChanged, clock, log })
  const persons = open()
  function pass(name: string): void {
    persons.arrived(playerId(name))
    persons.departed(playerId(name))
  }
  async function known(...names: string[]): Promise<boolean[][]> {
    await setImmediate()
    const later = open()
    await later.restore()
    return [persons, later].map(({ isKnown }) => names.map((name) => isKnown(playerId(name))))
  }
  return { clock, records, online, persons, pass, known }
}

test('[CL2] [PR23] players who only came once displace no other, also after a restart', async () => {
  const { persons, pass, known, records } = memories()
  for (const name of ['early', 'writer', 'player']) pass(name)
  persons.did(playerId('writer'), 'known')
  persons.did(playerId('player'), 'regular')
  for (let n = 0; n < 12_000; n++) pass(`guest-${n}`)
  const expected = [true, true, true, true, false]
  expect(await known('early', 'writer', 'player', 'guest-0', 'guest-11999')).toEqual([expected, expected])
  expect(await records.load('person')).toHaveLength(10_002)
})

test('[PR23] a passing guest is forgotten after a day, and a player who did something is not', async () => {
  const { clock, persons, pass, known } = memories()
  for (const name of ['guest', 'writer']) pass(name)
  persons.did(playerId('writer'), 'known')
  await clock.advance(24 * 3_600_000)
  pass('another')
  const expected = [false, true, true]
  expect(await known('guest', 'writer', 'another')).toEqual([expected, expected])
})

test('[PR23] guests who wrote something displace other guests, but no player who has played', async () => {
  const { persons, pass, known } = memories()
  for (const name of ['first', 'player']) pass(name)
  persons.did(playerId('first'), 'known')
  persons.did(playerId('player'), 'regular')
  for (let n = 0; n < 20_000; n++) {
    persons.did(playerId(`guest-${n}`), 'known')
    pass(`guest-${n}`)
  }
  const expected = [false, true, true]
  expect(await known('first', 'player', 'guest-19999')).toEqual([expected, expected])
})

test('[PR23] a player who blocks another is remembered', async () => {
  const { persons, online, known, pass } = memories()
  online.add('blocker')
  persons.arrived(playerId('blocker'))
  pass('friend')
  await persons.block(playerId('blocker'), playerId('friend'), true)
  online.clear()
  persons.departed(playerId('blocker'))
  expect(await known('blocker')).toEqual([[true], [true]])
})

test('[PR5] players who have not played take no room from those who have', async () => {
  const { persons, online, records } = memories()
  const blocked = Array.from({ length: 500 }, (_, n) => `foe-${n}`)
  const gone = Array.from({ length: 1_000 }, (_, n) => `gone-${n}`)
  await records.write(gone.map((id) => ({ kind: 'person', id, value: { blocked, standing: 'regular' } })))
  await persons.restore()
  for (const name of ['ann', 'bob']) online.add(name)
  expect(await persons.block(playerId('ann'), playerId('bob'), true)).toMatchObject(refused('OVERLOADED'))
  persons.did(playerId('ann'), 'regular')
  expect(await persons.block(playerId('ann'), playerId('bob'), true)).toEqual({ ok: true })
})

test('[PR5] when there are too many blocks, those of the longest absent players are removed', async () => {
  const records = openMemoryRecordStore()
  const blocked = Array.from({ length: 500 }, (_, n) => `foe-${n}`)
  const gone = Array.from({ length: 1_000 }, (_, n) => `gone-${n}`)
  await records.write(gone.map((id) => ({ kind: 'person', id, value: { blocked } })))
  const online = new Set([playerId('ann'), playerId('bob'), playerId('gone-0')])
  const persons = createPersons({
    records,
    isOnline: (id) => online.has(id),
    blocksChanged: () => {},
    clock: new FakeClock(),
    log,
  })
  await persons.restore()
  persons.arrived(playerId('gone-0'))
  expect(await persons.block(playerId('ann'), playerId('bob'), true)).toEqual({ ok: true })
  const counts = ['ann', 'gone-0', 'gone-1', 'gone-2'].map((id) => persons.blocks.of(playerId(id)).length)
  expect(counts).toEqual([1, 500, 0, 500])
  await persons.block(playerId('gone-1'), playerId('ann'), false)
  const kept = await records.load('person')
  expect(kept.find(({ id }) => id === 'gone-1')?.value).toEqual({ blocked: [] })
})
