import { expect, test } from 'vitest'
import type { ModeConfig } from '../src/config/config.ts'
import { openMemoryMatchStore } from '../src/stores/memory/match-store.ts'
import { openMemoryRecordStore } from '../src/stores/memory/record-store.ts'
import { elapsedSince, gapSince, type Uptime } from '../src/util/outage.ts'
import type { Player } from './support/player.ts'
import { startWorld, type World } from './support/world.ts'

const HOUR = 3_600_000
const duel: ModeConfig = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }
const checked: ModeConfig = { ...duel, readyCheckMs: 10_000 }
/** A game in which each turn has 15 s. */
const turns: ModeConfig = {
  ...duel,
  id: 'turns',
  rules: {
    setup: () => ({ turn: 0, lost: 0 }),
    act: (state: object) => state,
    over: () => null,
    view: (state: unknown) => state,
    deadline: () => ({ name: 'turn', inMs: 15_000 }),
    timeout: (state: object) => ({ ...state, lost: (state as { lost: number }).lost + 1 }),
  },
} as ModeConfig

/** Stores that outlive a world, and worlds that follow each other on them. */
function successive(modes: ModeConfig[]) {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  return {
    first: (uptime?: () => Uptime) => startWorld({ modes, ...kept, ...(uptime && { uptime }) }),
    /** The next process, whose clock shows so much more than the first one's did at its end. */
    async after(before: World, ms: number, uptime?: () => Uptime): Promise<World> {
      await before.server.close()
      return startWorld({ modes, ...kept, now: before.clock.now() + ms, ...(uptime && { uptime }) })
    },
  }
}

async function proposed(world: World): Promise<{ group: [Player, Player]; matchId: string }> {
  const group = await world.players('ann', 'bob')
  for (const player of group) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId } = await group[0].hears('match:proposed')
  return { group, matchId }
}
const mayQueue = (player: Player) => player.asks('queue:join', { mode: 'duel' })

test('[ST40] after a restart a ready check has its remaining time and a full grace', async () => {
  const { first, after } = successive([checked])
  const before = await first()
  const { group, matchId } = await proposed(before)
  await before.clock.advance(9_000)
  const world = await after(before, 60_000)
  const ann = await world.again(group[0])
  expect(ann.session.resumed.proposal).toMatchObject({ matchId, acceptBy: world.clock.now() + 1_000 + 30_000 })
  await world.clock.advance(30_000)
  const bob = await world.again(group[1])
  for (const player of [ann, bob]) await player.asks('match:accept', { matchId })
  expect(await bob.hears('match:found')).toMatchObject({ matchId })
})

test('[ST40] players who come back too late for a ready check get no penalty', async () => {
  const { first, after } = successive([checked])
  const before = await first()
  const { group } = await proposed(before)
  const world = await after(before, 60_000)
  const ann = await world.again(group[0])
  await world.clock.advance(40_000)
  expect(await ann.hears('match:cancelled')).toMatchObject({ reason: 'notAccepted', requeued: false })
  const bob = await world.again(group[1])
  expect(await mayQueue(bob)).toMatchObject({ ok: true })
  expect(await mayQueue(ann)).toMatchObject({ error: { code: 'QUEUE_PENALTY' } })
})

test('[ST40] after a restart a found seat is kept for its remaining time and a full grace', async () => {
  const { first, after } = successive([duel])
  const before = await first()
  const group = await before.matched('ann', 'bob')
  await before.clock.advance(14_000)
  const world = await after(before, 5_000)
  const [ann, bob] = [await world.again(group[0]), await world.again(group[1])]
  const { matchId, joinBy } = ann.session.resumed.match
  expect(joinBy).toBe(world.clock.now() + 1_000 + 30_000)
  await world.clock.advance(30_000)
  for (const player of [ann, bob]) expect(await player.joins(matchId)).toMatchObject({ ok: true })
})

test('[ST40] [ST41] a late joiner’s seat survives a restart, and a player who loses it hears why', async () => {
  const open: ModeConfig = {
    id: 'open',
    players: { min: 2, max: 3 },
    lateJoin: true,
    countdownMs: 0,
    graceMs: 2_000,
    matchmaking: { fillMs: 0 },
  }
  const { first, after } = successive([open])
  const before = await first()
  const { group, matchId } = await before.playing('ann', 'bob')
  const cat = await before.player('cat')
  await cat.asks('queue:join', { mode: 'open' })
  await before.clock.advance(0)
  const { joinBy } = await cat.hears('match:found')
  await before.clock.advance(joinBy - before.clock.now() - 1)
  const world = await after(before, 1_000)
  for (const player of group) expect(await (await world.again(player)).joins(matchId)).toMatchObject({ ok: true })
  const back = await world.again(cat)
  expect(back.session.resumed.match.joinBy).toBe(world.clock.now() + 1 + 10_000)
  await world.clock.advance(10_001)
  expect(await back.hears('match:cancelled')).toEqual({ matchId, reason: 'noShow', requeued: false })
})

test('[ST2] a short grace is long enough to reconnect after a restart', async () => {
  const { first, after } = successive([{ ...duel, graceMs: 1_000 }])
  const before = await first()
  const { group, matchId } = await before.playing('ann', 'bob')
  const world = await after(before, 1_000)
  await world.clock.advance(9_000)
  for (const player of group) expect(await (await world.again(player)).joins(matchId)).toMatchObject({ ok: true })
})

test.each([-HOUR, 0, 2_000, HOUR, 20 * HOUR])(
  '[ST42] a turn keeps its remaining time when the clock shows %i ms more after a restart',
  async (ms) => {
    const { first, after } = successive([turns])
    const before = await first()
    const { group, matchId } = await before.playing('ann', 'bob')
    await before.clock.advance(2_000)
    const world = await after(before, ms)
    const [ann, bob] = [await world.again(group[0]), await world.again(group[1])]
    for (const player of [ann, bob]) await player.joins(matchId)
    const { match } = await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })
    expect(match.deadline).toEqual({ name: 'turn', at: world.clock.now() + 13_000 })
    await world.clock.advance(13_000)
    const { match: next } = await bob.asks('match:sync', { since: { epoch: 1, seq: 0 } })
    expect(next.game).toMatchObject({ lost: 1 })
  },
)

test.each([-HOUR, 60_000, HOUR, 20 * HOUR])(
  '[ST42] [ST43] a ticket keeps its waiting time when the clock shows %i ms more, now and after the next start',
  async (ms) => {
    const { first, after } = successive([duel])
    const before = await first()
    const ann = await before.player('ann')
    await mayQueue(ann)
    await before.clock.advance(3_000)
    const world = await after(before, ms)
    const back = await world.again(ann)
    expect(await back.asks('queue:explain')).toMatchObject({ waitedMs: 3_000 })
    await world.clock.advance(1_000)
    const next = await after(world, 2_000)
    expect(await (await next.again(ann)).asks('queue:explain')).toMatchObject({ waitedMs: 4_000 })
  },
)

test('[ST43] a ticket keeps its queuedAt through an outage, which the machine’s uptime tells from a jump', async () => {
  const { first, after } = successive([duel])
  const before = await first(() => ({ start: 'a', ms: 50_000 }))
  const ann = await before.player('ann')
  const { ticket } = await mayQueue(ann)
  await before.clock.advance(3_000)
  const world = await after(before, 40_000, () => ({ start: 'a', ms: 90_010 }))
  expect((await world.again(ann)).session.resumed.ticket).toMatchObject({ queuedAt: ticket.queuedAt })
  const next = await after(world, HOUR, () => ({ start: 'a', ms: 95_010 }))
  const back = await next.again(ann)
  expect(back.session.resumed.ticket).toMatchObject({ queuedAt: ticket.queuedAt + HOUR - 5_000 })
  expect(await back.asks('queue:explain')).toMatchObject({ waitedMs: 3_000 })
})

test.each<[shownMs: number, elapsedMs: number | null, outageMs: number]>([
  [40_000, null, 40_000],
  [-HOUR, null, 0],
  [HOUR, null, 900_000],
  [40_000, 40_400, 40_000],
  [HOUR, HOUR, HOUR],
  [HOUR, 5_000, 5_000],
  [-HOUR, 5_000, 5_000],
  [-400, 0, 0],
])('[ST42] of %i ms on the clock, with an uptime of %j, %i are an outage and the rest a jump', (...of) => {
  const [shownMs, elapsedMs, outageMs] = of
  expect(gapSince(1_000_000, 1_000_000 + shownMs, elapsedMs)).toEqual({ outageMs, jumpMs: shownMs - outageMs })
})

test('[ST42] the uptime is not used after a reboot of the machine', () => {
  const now = { start: 'b', ms: 90_000 }
  expect(elapsedSince({ start: 'a', ms: 10_000 }, now)).toBeNull()
  expect(elapsedSince(null, now)).toBeNull()
  expect(elapsedSince({ start: 'b', ms: 10_000 }, now)).toBe(80_000)
})

test('[ST42] a penalty moved by a jump is not moved again by the next start', async () => {
  const { first, after } = successive([checked])
  const before = await first()
  const { group, matchId } = await proposed(before)
  await group[0].asks('match:decline', { matchId })
  const world = await after(before, -HOUR)
  const next = await after(world, 1_000)
  const reply = await mayQueue(await next.again(group[0]))
  expect(reply).toMatchObject({ error: { code: 'QUEUE_PENALTY', retryAfterMs: 4_000 } })
})

test.each([
  [-HOUR, 5_000],
  [2_000, 3_000],
  [20 * HOUR, 0],
])('[ST42] [ST43] a penalty does not get longer when the clock shows %i ms more', async (ms, leftMs) => {
  const { first, after } = successive([checked])
  const before = await first()
  const { group, matchId } = await proposed(before)
  await group[0].asks('match:decline', { matchId })
  const world = await after(before, ms)
  const reply = await mayQueue(await world.again(group[0]))
  expect(reply).toMatchObject(leftMs > 0 ? { error: { code: 'QUEUE_PENALTY', retryAfterMs: leftMs } } : { ok: true })
})

test.each([-HOUR, 20 * HOUR])('[ST42] the tickets of a cancelled match keep their age (%i)', async (ms) => {
  const { first, after } = successive([duel])
  const before = await first()
  const group = await before.matched('ann', 'bob')
  const world = await after(before, ms)
  const ann = await world.again(group[0])
  await ann.joins(ann.session.resumed.match.matchId)
  await world.clock.advance(45_000)
  expect(await ann.hears('match:cancelled')).toMatchObject({ requeued: true })
  const { waitedMs } = await ann.asks('queue:explain')
  expect(waitedMs).toBeGreaterThanOrEqual(45_000)
  expect(waitedMs).toBeLessThanOrEqual(45_000 + 900_000)
})

test('[ST42] a process that ends before its first heartbeat adds the outage back once', async () => {
  const kept = { store: openMemoryMatchStore(), records: openMemoryRecordStore(), isLasting: true }
  const before = await startWorld({ modes: [turns], ...kept })
  const { group, matchId } = await before.playing('ann', 'bob')
  await before.clock.advance(2_000)
  await before.server.close()
  const now = before.clock.now() + HOUR
  const silent = { ...kept, store: { ...kept.store, beat: () => Promise.reject(new Error('no room')) } }
  await (await startWorld({ modes: [turns], ...silent, now })).server.close()
  const world = await startWorld({ modes: [turns], ...kept, now: now + 1_000 })
  const ann = await world.again(group[0])
  const { match } = await ann.joins(matchId)
  expect(match.deadline).toEqual({ name: 'turn', at: world.clock.now() + 13_000 })
})
