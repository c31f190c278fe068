import { expect, test } from 'vitest'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { startWorld } from '../support/world.ts'

const annWon = { placements: [[0], [1]], scores: { 0: 3, 1: 1 } }
const bobWon = { placements: [[1], [0]] }
const draw = { placements: [[0, 1]] }

test('[RE1] [RE3] a result that everyone claims is final at once, and in the history', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  expect(await ann.asks('match:finish', { result: annWon })).toEqual({ ok: true, agreed: false })
  expect(await bob.hears('match:event')).toMatchObject({ type: 'result.claimed', seat: 0, result: annWon })
  expect(await bob.hears('match:event')).toMatchObject({ state: 'settling', deadline: { name: 'settleBy' } })
  expect(await bob.asks('match:finish', { result: annWon })).toEqual({ ok: true, agreed: true })
  expect(await ann.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    outcome: 'completed',
    ...annWon,
  })
  expect(await ann.hears('match:event', ({ state }) => state === 'ended')).toBeDefined()
  for (const player of group) {
    expect(await world.server.store.history(player.id as PlayerId, 10)).toMatchObject([
      { matchId, mode: 'duel', outcome: 'completed', ...annWon },
    ])
  }
  await world.clock.advance(20_000)
  expect(await bob.hears('match:closed')).toMatchObject({ outcome: 'completed', result: annWon })
  expect(await bob.joins(matchId)).toMatchObject({ error: { code: 'MATCH_ENDED' } })
})

test('[RE1] claims that differ are disputed when the time is over', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  await ann.asks('match:finish', { result: annWon })
  expect(await bob.asks('match:finish', { result: bobWon })).toEqual({ ok: true, agreed: false })
  await world.clock.advance(10_000)
  expect(await ann.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    outcome: 'completed',
    disputed: true,
  })
})

test('[RE1] the majority of claims decides when a player disagrees or claims nothing', async () => {
  const world = await startWorld({ modes: [{ id: 'four', players: { min: 4, max: 4 }, countdownMs: 0 }] })
  const group = await Promise.all(['a', 'b', 'c', 'd'].map(world.player))
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  const won = { placements: [[0], [1, 2, 3]] }
  await group[0]?.asks('match:finish', { result: won })
  await group[1]?.asks('match:finish', { result: { placements: [[0], [3, 2, 1]] } })
  await group[2]?.asks('match:finish', { result: { placements: [[2], [0, 1, 3]] } })
  await world.clock.advance(10_000)
  const final = await group[3]?.hears('match:event', ({ type }) => type === 'result.final')
  expect(final).toMatchObject(won)
  expect(final.disputed).toBeUndefined()
})

test('[RE1] a claim may be corrected before it is final', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  await group[0].asks('match:finish', { result: bobWon })
  await group[0].asks('match:finish', { result: draw })
  expect(await group[1].asks('match:finish', { result: { placements: [[1, 0]] } })).toEqual({ ok: true, agreed: true })
})

test('[RE1] the last player in a mode that plays on decides alone', async () => {
  const world = await startWorld({ mode: { rated: false } })
  const { group } = await world.playing('ann', 'bob')
  await group[1].asks('match:leave')
  expect(await group[0].asks('match:finish', { result: { placements: [[0]] } })).toEqual({ ok: true, agreed: true })
  expect(await group[0].hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    placements: [[0], [1]],
  })
})

test('[RE20] a short drop gives no player the victory', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  bob.drops()
  await ann.hears('match:event', ({ type }) => type === 'player.away')
  expect(await ann.asks('match:finish', { result: annWon })).toEqual({ ok: true, agreed: false })
  await world.clock.advance(300)
  const again = await world.again(bob)
  expect(await again.joins(matchId)).toMatchObject({ match: { state: 'settling' } })
  expect(await again.asks('match:finish', { result: bobWon })).toEqual({ ok: true, agreed: false })
  await world.clock.advance(10_000)
  expect(await ann.hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({ disputed: true })
})

test('[RE22] in a rated mode the remaining team wins, and the result counts', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  await group[1].asks('match:leave')
  const final = await group[0].hears('match:event', ({ type }) => type === 'result.final')
  expect(final).toMatchObject({ outcome: 'completed', placements: [[0], [1]], ratings: [{ seat: 0 }, { seat: 1 }] })
})

test.each([
  { placements: [[0], [0, 1]] },
  { placements: [[0]] },
  { placements: [[0], [1], [2]] },
  { placements: [[0], [], [1]] },
  { placements: [[0, 1]], scores: { 7: 1 } },
  { placements: 5 },
  {},
])('[RE2] the claim %j is none', async (result) => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  expect(await group[0].asks('match:finish', { result })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
})

async function endedMatch() {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  for (const player of group) await player.asks('match:finish', { result: draw })
  for (const player of group) player.forgets()
  return { world, ann: group[0], bob: group[1], matchId }
}

test('[RE4] [RE24] a rematch that both want is a new match with the same seats', async () => {
  const { world, ann, bob, matchId: former } = await endedMatch()
  await ann.asks('match:rematch', { accept: true })
  expect(await bob.hears('match:event')).toMatchObject({ type: 'rematch.asked', seat: 0, accept: true })
  await bob.asks('match:rematch', { accept: true })
  const { matchId, nextMatchId } = await ann.hears('match:event', ({ type }) => type === 'rematch.agreed')
  expect(nextMatchId).toBe(matchId)
  for (const [seat, player] of [ann, bob].entries()) {
    const found = await player.hears('match:found', (offer) => offer.rematchOf !== undefined)
    expect(found).toEqual({
      matchId,
      mode: 'duel',
      seat,
      team: seat,
      joinBy: world.clock.now() + 15_000,
      rematchOf: former,
    })
  }
  expect(await bob.joins(matchId)).toMatchObject({ you: { seat: 1 }, match: { state: 'gathering' } })
  expect(await ann.joins(matchId)).toMatchObject({ you: { seat: 0 }, match: { state: 'countdown' } })
  await world.until(() => world.census().matches === 1)
})

test('[RE23] a rematch is played as the first match was, also of a mode that has changed since', async () => {
  const { world, ann, bob } = await endedMatch()
  const changed = { ...world.config.modes.get('duel'), rated: false, graceMs: 1 }
  ;(world.config.modes as Map<string, unknown>).set('duel', changed)
  for (const player of [ann, bob]) await player.asks('match:rematch', { accept: true })
  const { matchId } = await ann.hears('match:found', (offer) => offer.rematchOf !== undefined)
  for (const player of [ann, bob]) expect(await player.joins(matchId)).toMatchObject({ match: { rated: true } })
  bob.drops()
  const { until } = await ann.hears('match:event', ({ type }) => type === 'player.away')
  expect(until).toBe(world.clock.now() + 30_000)
})

test('[RE4] there is no rematch when one side declines, has gone, or queues elsewhere', async () => {
  const first = await endedMatch()
  await first.ann.asks('match:rematch', { accept: true })
  await first.bob.asks('match:rematch', { accept: false })
  expect(await first.ann.hears('match:event', ({ seat }) => seat === 1)).toMatchObject({ accept: false })
  expect(first.world.census().matches).toBe(1)

  const second = await endedMatch()
  second.bob.drops()
  await second.ann.hears('match:event', ({ type }) => type === 'player.away')
  expect(await second.ann.asks('match:rematch', { accept: true })).toMatchObject({ error: { code: 'TOO_LATE' } })

  const third = await endedMatch()
  await third.bob.asks('queue:join', { mode: 'duel' })
  const refused = await third.ann.asks('match:rematch', { accept: true })
  expect(refused).toMatchObject({ error: { code: 'TOO_LATE', message: expect.stringContaining('bob is queued') } })
  const own = await third.bob.asks('match:rematch', { accept: true })
  expect(own).toMatchObject({ error: { code: 'TOO_LATE', message: expect.stringContaining('you are queued') } })
})

test('[RE4] [MT1] a player who has moved on gets no seat in a rematch', async () => {
  const world = await startWorld()
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const [ann, bob, cat] = group
  if (!ann || !bob || !cat) throw new Error('three players expected')
  const matchId = await world.queue(group, 'party')
  for (const player of group) await player.joins(matchId)
  for (const player of group) await player.asks('match:finish', { result: { placements: [[0, 1, 2]] } })
  const dan = await world.player('dan')
  const duel = await world.queue([cat, dan], 'duel')
  await cat.joins(duel)
  await ann.hears('match:event', ({ type }) => type === 'player.away')
  for (const player of [ann, bob]) {
    expect(await player.asks('match:rematch', { accept: true })).toMatchObject({ error: { code: 'TOO_LATE' } })
  }
  expect((await world.again(cat)).session.resumed.match.matchId).toBe(duel)
})
