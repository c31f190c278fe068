import { expect, test } from 'vitest'
import type { MatchStore } from '../../src/match/match-store.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { openGate } from '../support/gate.ts'
import type { Player } from '../support/player.ts'
import { startWorld, type World } from '../support/world.ts'

const duel = { id: 'duel', teams: { count: 2, size: 1 } }
const refused = (code: string) => ({ ok: false, error: { code } })
const resumed = async (world: World, player: Player) => (await world.again(player)).session.resumed
const full = () => Promise.reject(new Error('the disk is full'))

async function queued(world: World, name: string, wishes: object = {}): Promise<Player> {
  const player = await world.player(name)
  expect(await player.asks('queue:join', { mode: 'duel', ...wishes })).toMatchObject({ ok: true })
  return player
}

test('[QU8] a player who was let down is requeued as old as before, also while nothing can be stored', async () => {
  const memory = openMemoryRecordStore()
  const records = { ...memory }
  const world = await startWorld({ modes: [duel], records })
  const ann = await queued(world, 'ann')
  const { ticket } = await resumed(world, ann)
  await world.clock.advance(3_000)
  const bob = await queued(world, 'bob')
  await world.clock.advance(0)
  const { matchId } = await bob.hears('match:found')
  for (const player of [ann, bob]) await player.joins(matchId)
  records.write = full
  await bob.asks('match:leave')
  expect(await ann.hears('match:cancelled')).toMatchObject({ requeued: true })
  expect((await resumed(world, ann)).ticket).toMatchObject({ queuedAt: ticket.queuedAt })
  records.write = memory.write
  await world.clock.advance(2_000)
  expect(await ann.hears('queue:updated', ({ waitedMs }) => waitedMs > 3_000)).toMatchObject({ searching: 1 })
})

test('[QU4] a player who leaves while the match is cancelled is out', async () => {
  const memory = openMemoryMatchStore()
  const gate = openGate()
  const store = {
    ...memory,
    commit: (step: Parameters<typeof memory.commit>[0]) => gate.pass(() => memory.commit(step)),
  }
  const world = await startWorld({ modes: [{ ...duel, readyCheckMs: 10_000 }], store })
  const [ann, bob] = [await queued(world, 'ann'), await queued(world, 'bob')]
  await world.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  await ann.asks('match:accept', { matchId })
  gate.shut()
  const declining = bob.asks('match:decline', { matchId })
  await world.until(() => gate.waiting() === 1)
  const leaving = ann.asks('queue:leave')
  await ann.heardSoFar('match:cancelled')
  gate.open()
  expect(await declining).toEqual({ ok: true })
  expect(await leaving).toEqual({ ok: true, outcome: 'cancelled' })
  expect(await ann.heardSoFar('queue:ended')).toMatchObject([{ reason: 'cancelled' }])
  expect(world.census().tickets).toBe(0)
})

test('[QU4] [QU16] a player who leaves before the ticket is stored was never queued', async () => {
  const memory = openMemoryRecordStore()
  const gate = openGate()
  const records = { ...memory }
  const world = await startWorld({ modes: [duel], records })
  const ann = await world.player('ann')
  records.write = () => gate.pass(full)
  gate.shut()
  const joining = ann.asks('queue:join', { mode: 'duel' })
  await world.until(() => gate.waiting() === 1)
  const leaving = ann.asks('queue:leave')
  await ann.heardSoFar('queue:ended')
  gate.open()
  expect(await joining).toMatchObject(refused('UNAVAILABLE'))
  expect(await leaving).toMatchObject(refused('NOT_QUEUED'))
  records.write = memory.write
})

test('[QU5] a ticket that nobody can be matched with is refused, and none is left', async () => {
  const memory = openMemoryMatchStore()
  let mu = Number.NaN
  const ratings: MatchStore['ratings'] = async (_mode, ids) =>
    new Map(ids.map((id) => [id, { mode: 'duel', mu, sigma: 1, matches: 1 }]))
  const world = await startWorld({ modes: [{ ...duel, rated: true }], store: { ...memory, ratings } })
  const ann = await world.player('ann')
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject(refused('UNAVAILABLE'))
  expect(world.census().tickets).toBe(0)
  mu = 1_500
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[QU8] [ST5] a match that cannot be opened puts everybody back, as old as they were', async () => {
  const memory = openMemoryMatchStore()
  let isFull = false
  let tries = 0
  const commit: MatchStore['commit'] = (step) => {
    tries += 1
    return isFull ? full() : memory.commit(step)
  }
  const world = await startWorld({ modes: [duel], store: { ...memory, commit } })
  const ann = await queued(world, 'ann')
  const { ticket } = await resumed(world, ann)
  await world.clock.advance(1_000)
  const bob = await queued(world, 'bob')
  isFull = true
  await world.clock.advance(10_000)
  expect(tries).toBeGreaterThan(1)
  expect(tries).toBeLessThan(11)
  expect((await resumed(world, ann)).ticket).toMatchObject({ id: ticket.id, queuedAt: ticket.queuedAt })
  for (const player of [ann, bob]) expect(await player.heardSoFar('queue:ended')).toEqual([])
  isFull = false
  await world.clock.advance(5_000)
  expect(await ann.hears('match:found')).toMatchObject({ seat: 0 })
  expect(await bob.hears('match:found')).toMatchObject({ seat: 1 })
  expect(world.census()).toMatchObject({ tickets: 0, matches: 1 })
})

test('[QU14] tickets that ended while nothing could be stored do not come back after a restart', async () => {
  const memory = openMemoryRecordStore()
  const records = { ...memory }
  const kept = { store: openMemoryMatchStore(), records, isLasting: true }
  const world = await startWorld({ modes: [duel], ...kept })
  const ann = await queued(world, 'ann')
  records.write = full
  await ann.asks('queue:leave')
  records.write = memory.write
  await world.clock.advance(1_000)
  const bob = await queued(world, 'bob')
  const { ticket } = await resumed(world, bob)
  expect((await memory.load('ticket')).map(({ id }) => id)).toEqual([ticket.id])
})

test('[QU8] [QU14] a player who is let down after a restart is requeued, as old as before it', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const modes = [{ ...duel, matchmaking: { attributes: { map: 'same' as const } } }]
  const first = await startWorld({ modes, ...kept })
  const ann = await queued(first, 'ann', { attributes: { map: 'desert' } })
  const { ticket } = await resumed(first, ann)
  await first.clock.advance(4_000)
  await queued(first, 'bob', { attributes: { map: 'desert' } })
  await first.clock.advance(0)
  const { matchId } = await ann.hears('match:found')
  await first.server.close()
  const second = await startWorld({ modes, ...kept, now: first.clock.now() })
  const back = await second.again(ann)
  await back.joins(matchId)
  await second.clock.advance(45_000)
  expect(await back.hears('match:cancelled')).toMatchObject({ reason: 'noShow', requeued: true })
  expect((await resumed(second, back)).ticket).toMatchObject({ queuedAt: ticket.queuedAt })
  const cat = await queued(second, 'cat', { attributes: { map: 'forest' } })
  await second.clock.advance(1_000)
  expect(await cat.asks('queue:explain')).toMatchObject({ blockedBy: { attributes: 1 } })
})

test('[QU14] a match that begins takes the tickets of its players off the record', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const world = await startWorld({ modes: [{ ...duel, countdownMs: 0 }], ...kept })
  await world.playing('ann', 'bob')
  expect(await kept.records.load('ticket')).toEqual([])
})

test('[QU14] a restart in the middle of a ready check costs nobody anything', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const modes = [{ ...duel, readyCheckMs: 10_000 }]
  const first = await startWorld({ modes, ...kept })
  const group = [await queued(first, 'ann'), await queued(first, 'bob')]
  await first.clock.advance(0)
  const { matchId } = await (group[0] as Player).hears('match:proposed')
  await (group[0] as Player).asks('match:accept', { matchId })
  await first.clock.advance(9_000)
  await first.server.close()
  const second = await startWorld({ modes, ...kept, now: first.clock.now() + 60_000 })
  const [ann, bob] = (await Promise.all(group.map((player) => second.again(player)))) as [Player, Player]
  expect(bob.session.resumed).toMatchObject({ proposal: { matchId }, ticket: { mode: 'duel' } })
  await second.clock.advance(5_000)
  await bob.asks('match:accept', { matchId })
  for (const player of [ann, bob]) expect(await player.hears('match:found')).toMatchObject({ matchId })
})

test('[QU14] a player without fault in a match declined while the process stops is queued after the restart', async () => {
  const memory = openMemoryMatchStore()
  const gate = openGate()
  const store = {
    ...memory,
    commit: (step: Parameters<typeof memory.commit>[0]) => gate.pass(() => memory.commit(step)),
  }
  const kept = { store, records: openMemoryRecordStore(), isLasting: true }
  const first = await startWorld({ modes: [{ ...duel, readyCheckMs: 10_000 }], ...kept })
  const [ann, bob] = [await queued(first, 'ann'), await queued(first, 'bob')]
  await first.clock.advance(0)
  const { matchId } = await ann.hears('match:proposed')
  gate.shut()
  bob.lobby.emit('match:decline', { matchId })
  await first.until(() => gate.waiting() === 1)
  const closing = first.server.close()
  gate.open()
  await closing
  expect(await kept.records.load('ticket')).toMatchObject([{ value: { members: [{ id: ann.id }] } }])
})

test('[QU10] [PR22] a player blocked while both wait is not matched with the blocker, and does not learn why', async () => {
  const world = await startWorld({ modes: [{ ...duel, matchmaking: { maxWaitMs: 60_000 } }] })
  const eve = await world.player('eve')
  const ann = await queued(world, 'ann', { attributes: { map: 'desert' } })
  await ann.asks('player:block', { playerId: eve.id, blocked: true })
  await eve.asks('queue:join', { mode: 'duel', attributes: { map: 'desert' } })
  await world.clock.advance(120_000)
  expect(await ann.heardSoFar('match:found')).toEqual([])
  expect(await ann.asks('queue:explain')).toMatchObject({ blockedBy: { block: 1 } })
  expect((await eve.asks('queue:explain')).blockedBy).toEqual({ rating: 1 })
  await ann.asks('player:block', { playerId: eve.id, blocked: false })
  await world.clock.advance(0)
  expect(await ann.hears('match:found')).toMatchObject({ mode: 'duel' })
})

test('[QU11] queue:explain during a ready check tells how many are asked', async () => {
  const world = await startWorld({ modes: [{ ...duel, readyCheckMs: 10_000 }] })
  const [ann] = [await queued(world, 'ann'), await queued(world, 'bob')]
  await world.clock.advance(0)
  await ann.hears('match:proposed')
  expect(await ann.asks('queue:explain')).toMatchObject({ searching: 0, blockedBy: { readyCheck: 2 } })
})

test('[QU13] everybody of a match counts as just met, however many they are', async () => {
  const matchmaking = { avoidRecentMs: 20_000, fillMs: 0 }
  const world = await startWorld({ modes: [{ id: 'five', players: { min: 2, max: 6 }, countdownMs: 0, matchmaking }] })
  const group = await Promise.all(['ann', 'bob', 'cat', 'dan', 'eve', 'fay'].map(world.player))
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  for (const player of group) await player.asks('match:leave')
  for (const player of group) await player.asks('queue:join', { mode: 'five' })
  await world.clock.advance(19_000)
  for (const player of group) expect(await player.heardSoFar('match:found')).toEqual([])
})
