import { expect, test } from 'vitest'
import type { ModeConfig } from '../src/config/config.ts'
import { openMemoryMatchStore } from '../src/stores/memory/match-store.ts'
import { partyOf } from './support/parties.ts'
import type { Player } from './support/player.ts'
import { troubledRecords } from './support/records.ts'
import { startWorld, type World } from './support/world.ts'

/** Two lone players, without a countdown. */
const duel: ModeConfig = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }
const checked: ModeConfig = { ...duel, readyCheckMs: 10_000 }
/** A game in which each turn has 15 s. */
const turns: ModeConfig = {
  ...duel,
  rules: {
    setup: () => ({ acts: 0, lost: 0 }),
    act: (state: { acts: number }) => ({ ...state, acts: state.acts + 1 }),
    over: () => null,
    view: (state: unknown) => state,
    deadline: () => ({ name: 'turn', inMs: 15_000 }),
    timeout: (state: { lost: number }) => ({ ...state, lost: state.lost + 1 }),
  },
} as ModeConfig

/** Too short to be a stall, and long enough for a timer to be late. */
const BLINK = 600
/** Longer than the heartbeat lets a connection live. */
const FREEZE = 40_000

const viewOf = async (player: Player) => (await player.asks('match:sync', { since: { epoch: 1, seq: 0 } })).match

async function proposed(world: World): Promise<{ group: [Player, Player]; matchId: string; acceptBy: number }> {
  const group = await world.players('ann', 'bob')
  for (const player of group) await player.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(0)
  const { matchId, acceptBy } = await group[0].hears('match:proposed')
  await group[1].hears('match:proposed')
  return { group, matchId, acceptBy }
}

test('[ST44] a move that arrived before the end of the turn counts, however late the timer is', async () => {
  const world = await startWorld({ modes: [turns] })
  const { group } = await world.playing('ann', 'bob')
  await world.clock.advance(14_700)
  const acting = group[0].asks('match:act', { type: 'go' })
  await world.clock.stall(BLINK)
  expect(await acting).toMatchObject({ ok: true, game: { acts: 1, lost: 0 } })
  expect((await viewOf(group[1])).game).toEqual({ acts: 1, lost: 0 })
})

test('[ST44] an accept that arrived before the end of the ready check counts', async () => {
  const world = await startWorld({ modes: [checked] })
  const { group, matchId } = await proposed(world)
  await group[0].asks('match:accept', { matchId })
  await world.clock.advance(9_700)
  const accepting = group[1].asks('match:accept', { matchId })
  await world.clock.stall(BLINK)
  expect(await accepting).toEqual({ ok: true })
  expect(await group[0].hears('match:found')).toMatchObject({ matchId })
})

test('[ST44] a player who takes the seat before the join window closes is present', async () => {
  const world = await startWorld({ modes: [duel] })
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  bob.match.connect()
  await bob.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  await world.clock.advance(14_700)
  const joining = bob.joins(matchId)
  await world.clock.stall(BLINK)
  expect(await joining).toMatchObject({ ok: true, match: { state: 'playing' } })
})

test('[ST44] a claim that arrived before the end of settling counts', async () => {
  const world = await startWorld({ modes: [duel] })
  const { group } = await world.playing('ann', 'bob')
  const claim = (winner: number) => ({ result: { placements: [[winner], [1 - winner]] } })
  await group[0].asks('match:finish', claim(0))
  await world.clock.advance(9_700)
  const claiming = group[1].asks('match:finish', claim(0))
  await world.clock.stall(BLINK)
  expect(await claiming).toMatchObject({ ok: true, agreed: true })
  expect(await group[0].hears('match:event', ({ type }) => type === 'result.final')).not.toHaveProperty('disputed')
})

test('[ST45] a freeze is added to a turn, and players hear of the new end', async () => {
  const world = await startWorld({ modes: [turns] })
  const { group } = await world.playing('ann', 'bob')
  await world.clock.advance(1_000)
  const { deadline } = await viewOf(group[0])
  await world.clock.stall(FREEZE)
  const { at } = await group[0]
    .hears('match:event', ({ type, state }) => type === 'state.changed' && state === 'playing')
    .then((event) => event.deadline)
  expect(at).toBeGreaterThanOrEqual(deadline.at + FREEZE)
  expect(at).toBeLessThanOrEqual(deadline.at + FREEZE + 500)
  expect((await viewOf(group[0])).deadline).toEqual({ name: 'turn', at })
  await world.clock.advance(at - world.clock.now() - 1)
  expect((await viewOf(group[0])).game.lost).toBe(0)
  await world.clock.advance(1)
  expect((await viewOf(group[0])).game.lost).toBe(1)
})

test('[ST45] a freeze extends a ready check, and all hear of the new end', async () => {
  const world = await startWorld({ modes: [checked] })
  const { group, matchId, acceptBy } = await proposed(world)
  await world.clock.advance(9_000)
  await world.clock.stall(FREEZE)
  for (const player of group) {
    const again = await player.hears('match:proposed')
    expect(again.matchId).toBe(matchId)
    expect(again.acceptBy).toBeGreaterThanOrEqual(acceptBy + FREEZE + 30_000)
  }
  await world.clock.advance(30_000)
  for (const player of group) expect(await player.asks('match:accept', { matchId })).toEqual({ ok: true })
  expect(await group[0].hears('match:found')).toMatchObject({ matchId })
})

test('[ST45] a freeze does not use up the time to take a seat', async () => {
  const world = await startWorld({ modes: [duel] })
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId, joinBy } = world.offers(ann)
  await ann.joins(matchId)
  await world.clock.stall(FREEZE)
  expect((await bob.hears('match:found')).joinBy).toBeGreaterThanOrEqual(joinBy + FREEZE)
  expect(await ann.heardSoFar('match:found')).toEqual([])
  await world.clock.advance(15_000)
  expect(await bob.joins(matchId)).toMatchObject({ ok: true, match: { state: 'playing' } })
})

test('[ST45] a freeze does not use up a grace, and a connection that it broke has a full one', async () => {
  const world = await startWorld({ modes: [duel] })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  bob.drops()
  const { until } = await ann.hears('match:event', ({ type }) => type === 'player.away')
  await world.clock.advance(20_000)
  const fallen = new Promise((resolve) => ann.match.once('disconnect', resolve))
  ann.drops()
  await fallen
  await world.clock.stall(FREEZE)
  const watcher = await world.again(ann)
  const { match } = await watcher.joins(matchId)
  expect(match.seats[1]).toMatchObject({ status: 'away' })
  await world.clock.advance(until + FREEZE - world.clock.now() - 1)
  expect(await (await world.again(bob)).joins(matchId)).toMatchObject({ ok: true })
})

test('[ST45] a freeze does not use up a pause or count as idle time', async () => {
  const world = await startWorld({ modes: [{ ...duel, pauseMs: 20_000, idleMs: 10_000 }] })
  const { group } = await world.playing('ann', 'bob')
  const [ann] = group
  await world.clock.advance(9_000)
  await world.clock.stall(FREEZE)
  await world.clock.advance(500)
  expect(await ann.heardSoFar('match:event')).not.toContainEqual(expect.objectContaining({ type: 'player.idle' }))
  await ann.asks('match:pause')
  await world.clock.stall(FREEZE)
  await world.clock.advance(19_000)
  expect((await viewOf(ann)).state).toBe('paused')
  expect(await ann.asks('match:resume')).toEqual({ ok: true })
  await ann.asks('match:pause')
  await world.clock.advance(1_500)
  expect((await viewOf(ann)).state).toBe('playing')
})

test('[ST45] a freeze ends no ticket of an absent player', async () => {
  const world = await startWorld({ modes: [duel] })
  const ann = await world.player('ann')
  const { ticket } = await ann.asks('queue:join', { mode: 'duel' })
  ann.drops()
  await world.until(() => world.server.presence.size() === 0)
  await world.clock.advance(14_000)
  await world.clock.stall(FREEZE)
  await world.clock.advance(500)
  const back = await world.again(ann)
  expect(back.session.resumed.ticket).toMatchObject({ id: ticket.id, queuedAt: ticket.queuedAt })
})

test('[ST45] a freeze costs no player the place in a party or a lobby', async () => {
  const world = await startWorld({ modes: [duel] })
  const { members } = await partyOf(world, 'ann', 'bob')
  const [ann, bob] = members
  await ann.asks('lobby:create', { mode: 'duel', name: 'ours', visibility: 'public' })
  const { lobby } = await ann.hears('lobby:state')
  await bob.asks('lobby:join', { lobbyId: lobby.id })
  bob.drops()
  const { lobby: seen } = await ann.hears('lobby:state', (state) =>
    state.lobby.members.some(({ awayUntil }: { awayUntil: number | null }) => awayUntil !== null),
  )
  await world.clock.advance(29_000)
  await world.clock.stall(FREEZE)
  const until = seen.members[1].awayUntil + FREEZE
  await ann.hears('lobby:state', (state) => (state.lobby.members[1].awayUntil ?? 0) >= until)
  await world.clock.advance(900)
  const back = await world.again(bob)
  expect(back.session.resumed).toMatchObject({ lobby: { id: lobby.id }, party: { members: [{}, {}] } })
})

test('[ST45] a freeze does not count as idle time', async () => {
  const world = await startWorld({ modes: [duel] })
  const ann = await world.player('ann')
  await ann.asks('lobby:create', { mode: 'duel', name: 'ours', visibility: 'public' })
  await world.clock.advance(29 * 60_000)
  await world.clock.stall(5 * 60_000)
  await world.clock.advance(30_000)
  expect((await world.again(ann)).session.resumed.lobby).toBeDefined()
})

/** A world whose store can be away. */
async function troubled(modes: ModeConfig[]) {
  let isAway = false
  const memory = openMemoryMatchStore()
  const away = <T>(): Promise<T> => Promise.reject(new Error('disk full'))
  const store = {
    ...memory,
    commit: (...args: Parameters<typeof memory.commit>) => (isAway ? away<boolean>() : memory.commit(...args)),
    beat: (now: number) => (isAway ? away<void>() : memory.beat(now)),
  }
  const trouble = troubledRecords()
  const world = await startWorld({ modes, store, records: trouble.records })
  const set = (to: boolean) => {
    isAway = to
    trouble.isFull = to
  }
  return { world, leaves: () => set(true), comesBack: () => set(false) }
}

test('[ST46] while the store is unavailable no turn ends, and afterwards it has its remaining time', async () => {
  const { world, leaves, comesBack } = await troubled([turns])
  const { group } = await world.playing('ann', 'bob')
  leaves()
  await world.clock.advance(20_000)
  expect(await group[0].asks('match:act', { type: 'go' })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  comesBack()
  await world.clock.advance(5_000)
  const { game, deadline } = await viewOf(group[0])
  expect(game).toEqual({ acts: 0, lost: 0 })
  expect(deadline.at - world.clock.now()).toBeGreaterThan(8_000)
  expect(await group[0].asks('match:act', { type: 'go' })).toMatchObject({ ok: true })
})

test('[ST46] an accept that could not be stored counts', async () => {
  const { world, leaves, comesBack } = await troubled([checked])
  const { group, matchId } = await proposed(world)
  leaves()
  for (const player of group)
    expect(await player.asks('match:accept', { matchId })).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  await world.clock.advance(30_000)
  for (const player of group) expect(await player.heardSoFar('match:cancelled')).toEqual([])
  comesBack()
  await world.clock.advance(2_000)
  for (const player of group) expect(await player.hears('match:found')).toMatchObject({ matchId })
})

test('[ST46] a player who could not take the seat during an outage is not penalized for the cancelled match', async () => {
  const { world, leaves, comesBack } = await troubled([duel])
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(ann)
  await ann.joins(matchId)
  leaves()
  expect(await bob.joins(matchId)).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  comesBack()
  await world.clock.advance(60_000)
  expect(await bob.hears('match:cancelled')).toMatchObject({ reason: 'noShow', requeued: true })
  expect((await bob.hears('match:found', (offer) => offer.matchId !== matchId)).mode).toBe('duel')
})

test('[ST46] no player forfeits while nobody can reconnect', async () => {
  const { world, leaves, comesBack } = await troubled([duel])
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  bob.drops()
  await ann.hears('match:event', ({ type }) => type === 'player.away')
  leaves()
  await world.clock.advance(60_000)
  const back = await world.again(bob)
  expect(await back.joins(matchId)).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  comesBack()
  await world.clock.advance(25_000)
  expect(await back.joins(matchId)).toMatchObject({ ok: true })
})

test('[ST43] [ST45] a freeze does not age a ticket or widen its tolerance', async () => {
  const world = await startWorld({ modes: [{ ...duel, rated: true, matchmaking: { pointsPerSecond: 10 } }] })
  const ann = await world.player('ann')
  await ann.asks('queue:join', { mode: 'duel' })
  await world.clock.advance(1_000)
  const before = await ann.asks('queue:explain')
  await world.clock.stall(60_000)
  const after = await ann.asks('queue:explain')
  expect(before.waitedMs).toBe(1_000)
  expect(after).toMatchObject({ waitedMs: 1_000, window: before.window })
  await world.clock.advance(1_000)
  expect(await ann.asks('queue:explain')).toMatchObject({ waitedMs: 2_000 })
})
