import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

const mode = { countdownMs: 3_000, graceMs: 6_000 }
const penalty = { error: { code: 'QUEUE_PENALTY' } }

/** Two players in the countdown of their match, of whom one drops. */
async function dropped(change: object = {}) {
  const world = await startWorld({ mode: { ...mode, ...change } })
  const [ann, bob] = await world.players('ann', 'bob')
  const matchId = await world.queue([ann, bob])
  for (const player of [ann, bob]) expect(await player.joins(matchId)).toMatchObject({ ok: true })
  bob.drops()
  await ann.hears('match:event', ({ type }) => type === 'player.away')
  return { world, ann, bob, matchId }
}

test('[MT60] [QU12] a player who drops in the countdown and stays away gets the penalty of leaving', async () => {
  const { world, ann, bob } = await dropped()
  await world.clock.advance(6_000)
  await ann.hears('match:event', ({ type }) => type === 'player.forfeited')
  const back = await world.again(bob)
  expect(await back.asks('queue:join', { mode: 'duel' })).toMatchObject(penalty)
  expect(await ann.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[MT60] a player who comes back within the grace gets no penalty', async () => {
  const { world, ann, bob, matchId } = await dropped()
  await world.clock.advance(5_000)
  const back = await world.again(bob)
  expect(await back.joins(matchId)).toMatchObject({ match: { state: 'playing' } })
  await back.asks('match:leave')
  await ann.hears('match:event', ({ type }) => type === 'player.left')
  expect(await back.asks('queue:join', { mode: 'duel' })).toMatchObject({ ok: true })
})

test('[MT60] while enough players remain, nobody gets a penalty', async () => {
  const world = await startWorld({ modes: [{ id: 'trio', players: { min: 2, max: 3 }, ...mode }] })
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  group[2]?.drops()
  await group[0]?.hears('match:event', ({ type }) => type === 'player.away')
  await world.clock.advance(6_000)
  await group[0]?.hears('match:event', ({ type }) => type === 'player.forfeited')
  const back = group[2] && (await world.again(group[2]))
  expect(await back?.asks('queue:join', { mode: 'trio' })).toMatchObject({ ok: true })
})
