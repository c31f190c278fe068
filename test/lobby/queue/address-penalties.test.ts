import { expect, test } from 'vitest'
import { createAddressPenalties } from '../../../src/lobby/queue/penalties/address-penalties.ts'
import { openMemoryMatchStore } from '../../../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../../../src/stores/memory/record-store.ts'
import { FakeClock } from '../../support/clock.ts'
import { playerId } from '../../support/openings.ts'
import type { Player } from '../../support/player.ts'
import { startWorld, type World } from '../../support/world.ts'

/** Players are named `place:name`; those of `signed` have a backend, and those called old have played. */
function newcomersOn(clock: FakeClock, records = openMemoryRecordStore()) {
  const newcomers = createAddressPenalties({
    originOf: (id) => (id.startsWith('signed:') ? null : (id.split(':')[0] ?? null)),
    hasPlayed: (id) => id.endsWith(':old'),
    records,
    clock,
  })
  const dodge = (place: string, name: string) => {
    newcomers.come([{ id: playerId(`${place}:${name}`) }])
    void newcomers.wasPunished(playerId(`${place}:${name}`))
  }
  return { dodge, left: (id: string) => newcomers.leftMs(playerId(id)), restore: newcomers.restore }
}

test('[QU73] from the fifth newcomer of an address on, the next ones wait, and no other player does', () => {
  const { dodge, left } = newcomersOn(new FakeClock())
  for (let n = 1; n <= 4; n++) {
    dodge('home', `${n}`)
    expect(left('home:next')).toBe(0)
  }
  dodge('home', '5')
  expect(left('home:next')).toBe(5_000)
  dodge('home', '6')
  expect(left('home:next')).toBe(15_000)
  for (let n = 7; n < 30; n++) dodge('home', `${n}`)
  expect(left('home:next')).toBe(300_000)
  for (const id of ['home:old', 'school:next', 'signed:next']) expect(left(id)).toBe(0)
})

test('[QU73] players who have played or are signed in use up nothing, and single misses are forgotten', async () => {
  const clock = new FakeClock()
  const { dodge, left } = newcomersOn(clock)
  for (let n = 0; n < 20; n++) dodge('home', 'old')
  for (let n = 0; n < 20; n++) dodge('signed', 'x')
  for (let n = 0; n < 12; n++) {
    dodge('home', `${n}`)
    await clock.advance(300_000)
  }
  expect(left('home:next')).toBe(0)
})

async function dodged(world: World, main: Player, name: string): Promise<string | null> {
  const guest = await world.player(name)
  const joined = await guest.asks('queue:join', { mode: 'duel' })
  if (joined.ok) {
    await world.clock.advance(0)
    const { matchId } = await guest.hears('match:proposed')
    await world.clock.advance(2_000)
    await guest.asks('match:decline', { matchId })
    await main.hears('match:cancelled')
  }
  guest.leaves()
  return joined.ok ? null : joined.error.code
}

test('[QU73] a throw-away guest for each unwelcome opponent does not go on for long', async () => {
  const world = await startWorld({ mode: { readyCheckMs: 10_000 } })
  const main = await world.player('main')
  await main.asks('queue:join', { mode: 'duel' })
  const outcomes: (string | null)[] = []
  for (let n = 0; n < 7; n++) outcomes.push(await dodged(world, main, `guest${n}`))
  expect(outcomes).toEqual([null, null, null, null, null, 'QUEUE_PENALTY', 'QUEUE_PENALTY'])
})

test('[QU73] the rest of a wait remains after a restart, whatever the clock did', async () => {
  const clock = new FakeClock()
  const records = openMemoryRecordStore()
  const before = newcomersOn(clock, records)
  for (let n = 1; n <= 6; n++) before.dodge('home', `${n}`)
  await clock.advance(5_000)
  const hourMs = 3_600_000
  const after = newcomersOn(new FakeClock(clock.now() + hourMs), records)
  await after.restore({ outageMs: 0, jumpMs: hourMs })
  expect(after.left('home:next')).toBe(10_000)
  after.dodge('home', '7')
  expect(after.left('home:next')).toBeGreaterThan(40_000)
})

test('[QU73] a forgotten entry is removed from the record too', async () => {
  const clock = new FakeClock()
  const records = openMemoryRecordStore()
  const { dodge } = newcomersOn(clock, records)
  dodge('home', '1')
  await clock.advance(hoursMs(1))
  dodge('school', '1')
  await clock.advance(0)
  expect((await records.load('newcomers')).map(({ id }) => id)).toEqual(['school'])
})

test('[QU73] in another process the address still waits, guests who have played do not, and no address is on record', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const mode = { readyCheckMs: 10_000 }
  const world = await startWorld({ mode, ...kept })
  const veterans = await world.players('vet', 'pal')
  await world.queue(veterans, 'party')
  for (const player of veterans) await player.joins(world.offers(player).matchId)
  await world.clock.advance(0)
  for (const player of veterans) await player.asks('match:leave')
  const main = await world.player('main')
  await main.asks('queue:join', { mode: 'duel' })
  for (let n = 0; n < 6; n++) await dodged(world, main, `guest${n}`)
  expect(JSON.stringify(await kept.records.load('newcomers'))).not.toContain('127.0.0.1')
  await world.server.close()

  const next = await startWorld({ mode, ...kept, now: world.clock.now() + 1_000 })
  const guest = await next.player('newest')
  expect(await guest.asks('queue:join', { mode: 'duel' })).toMatchObject({ error: { code: 'QUEUE_PENALTY' } })
  const veteran = await next.again(veterans[0])
  expect(await veteran.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

const hoursMs = (hours: number): number => hours * 3_600_000
