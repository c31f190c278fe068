import { expect, test } from 'vitest'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import { playerId } from '../../support/openings.ts'
import { partyOf } from '../../support/parties.ts'
import type { Player } from '../../support/player.ts'
import { copyOf, troubledRecords } from '../../support/records.ts'
import { startWorld, type World } from '../../support/world.ts'

const write = (player: Player, to: Player, text: string) => player.asks('chat:send', { to: { playerId: to.id }, text })
const heard = async (player: Player) => (await player.heardSoFar('chat:message')).map(({ text }) => text)

async function gone(world: World, player: Player): Promise<void> {
  const before = world.census().players
  player.leaves()
  await world.until(() => world.census().players === before - 1)
}

test('[CH8] messages wait for an absent player, and arrive once, after the session, in order', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  await gone(world, bob)
  for (const text of ['one', 'two', 'three']) expect(await write(ann, bob, text)).toMatchObject({ ok: true })
  const [laptop, phone] = await Promise.all([world.again(bob), world.again(bob)])
  const told = [...(await heard(laptop)), ...(await heard(phone))]
  expect(told).toEqual(['one', 'two', 'three'])
  await gone(world, ann)
  for (const device of [laptop, phone]) device.leaves()
  await world.until(() => world.census().players === 0)
  expect(await heard(await world.again(bob))).toEqual([])
})

test('[CH8] a message waits over a restart, and what has been told is not told again', async () => {
  const records = openMemoryRecordStore()
  const before = await startWorld({ records })
  const { members } = await partyOf(before, 'ann', 'bob')
  const [ann, bob] = members
  await write(ann, bob, 'heard before')
  await ann.asks('chat:send', { to: { party: true }, text: 'in the party' })
  await bob.hears('chat:message', ({ text }) => text === 'in the party')
  await gone(before, bob)
  await write(ann, bob, 'waiting')
  const after = await startWorld({ records: await copyOf(records) })
  const annAgain = await after.again(ann)
  expect(await write(annAgain, bob, 'from after the restart')).toMatchObject({ ok: true })
  const back = await after.again(bob)
  expect(await heard(back)).toEqual(['waiting', 'from after the restart'])
  const direct = await back.asks('chat:history', { to: { playerId: ann.id } })
  const inParty = await back.asks('chat:history', { to: { party: true } })
  expect([direct, inParty].map(({ messages }) => messages.map(({ text }: { text: string }) => text))).toEqual([
    ['heard before', 'waiting', 'from after the restart'],
    ['in the party'],
  ])
})

test('[CH8] a hundred messages wait for one player, and the oldest go', async () => {
  const records = openMemoryRecordStore()
  const world = await startWorld({ records })
  const [ann, bob] = await world.players('ann', 'bob')
  await gone(world, bob)
  for (let n = 1; n <= 102; n++) {
    await world.clock.advance(1_000)
    await write(ann, bob, `${n}`)
  }
  expect(await records.load('mail')).toHaveLength(100)
  expect(await heard(await world.again(bob))).toEqual(Array.from({ length: 100 }, (_, n) => `${n + 3}`))
  expect(await records.load('mail')).toEqual([])
})

test('[CH8] a player who connects or disconnects while a message is stored gets it once', async () => {
  const trouble = troubledRecords()
  const world = await startWorld({ records: trouble.records })
  const [ann, bob] = await world.players('ann', 'bob')
  const cat = await world.player('cat')
  await gone(world, cat)
  const letGo = trouble.holdUp()
  const said = [write(ann, bob, 'bob is going'), write(ann, cat, 'cat is coming')]
  await ann.heardSoFar('chat:message')
  await gone(world, bob)
  const catAgain = await world.again(cat)
  expect(await heard(catAgain)).toEqual([])
  letGo()
  for (const reply of await Promise.all(said)) expect(reply).toMatchObject({ ok: true })
  expect(await heard(catAgain)).toEqual(['cat is coming'])
  expect(await heard(await world.again(bob))).toEqual(['bob is going'])
})

test('[CH8] records that cannot be read cost only themselves', async () => {
  const records = openMemoryRecordStore()
  const from = { playerId: 'ann', name: 'ann' }
  const message = { messageId: 'm1', from, to: { party: true }, text: 'x', at: 1 }
  await records.write([
    { kind: 'mail', id: 'torn', value: { to: 7 } },
    { kind: 'chat', id: 'torn', value: 'x' },
    { kind: 'chat', id: 'm1', value: { channel: 'party:gone', message } },
  ])
  const world = await startWorld({ records })
  expect(world.census().chats).toBe(0)
  await world.player('ann')
  expect([...(await records.load('mail')), ...(await records.load('chat'))]).toEqual([])
})

test('[CH8] [CH20] mail of ever new guests fills nothing for good', async () => {
  const records = openMemoryRecordStore()
  const world = await startWorld({ records })
  const [ann, bob] = await world.players('ann', 'bob')
  world.server.social.played([playerId(ann.id)])
  await gone(world, bob)
  expect(await write(ann, bob, 'from a friend')).toMatchObject({ ok: true })
  const from = (n: number) => ({ playerId: playerId(`guest-${n}`), name: 'guest' })
  const stored = Array.from({ length: 10_100 }, (_, n) => {
    const message = {
      messageId: `m${n}`,
      from: from(n),
      to: { playerId: playerId(`to-${n}`) },
      text: 'x',
      at: world.clock.now(),
    }
    return { kind: 'mail' as const, id: `m${n}`, value: { to: `to-${n}`, message } }
  })
  await records.write(stored)
  const later = await startWorld({ records: await copyOf(records) })
  expect(await heard(await later.again(bob))).toEqual(['from a friend'])
})
