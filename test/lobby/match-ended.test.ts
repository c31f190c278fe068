import { expect, test } from 'vitest'
import type { ModeConfig } from '../../src/config/config.ts'
import { startWorld } from '../support/world.ts'

const duel: ModeConfig = { id: 'duel', teams: { count: 2, size: 1 }, countdownMs: 0 }
const crowd: ModeConfig = { id: 'crowd', players: { min: 2, max: 3 }, countdownMs: 0 }

test('[SE61] another tab hears that a match was completed, once', async () => {
  const world = await startWorld({ modes: [duel] })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const tab = await world.again(ann)
  for (const player of group) await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  for (const player of [ann, tab, bob])
    expect(await player.hears('match:ended')).toEqual({ matchId, reason: 'completed' })
  // Leaving the ended match is no second end.
  await ann.asks('match:leave')
  expect(await tab.heardSoFar('match:ended')).toEqual([])
})

test('[SE61] another tab hears that the player left, and the others play on', async () => {
  const world = await startWorld({ modes: [crowd] })
  const group = [await world.player('ann'), await world.player('bob'), await world.player('cat')] as const
  const matchId = await world.queue([...group])
  for (const player of group) await player.joins(matchId)
  const [ann, bob] = group
  const tab = await world.again(ann)
  await ann.asks('match:leave')
  expect(await tab.hears('match:ended')).toEqual({ matchId, reason: 'left' })
  expect(await bob.heardSoFar('match:ended')).toEqual([])
})

test('[SE61] a player who did not come back to /match in time hears of the forfeit in /lobby', async () => {
  const world = await startWorld({ modes: [{ ...duel, endWhen: 'oneTeamLeft' }] })
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  ann.match.disconnect()
  await bob.hears('match:event', ({ type }) => type === 'player.away')
  await world.clock.advance(30_000)
  expect(await ann.hears('match:ended')).toEqual({ matchId, reason: 'forfeited' })
  expect(await bob.hears('match:ended')).toEqual({ matchId, reason: 'completed' })
})

test('[SE61] a match that did not begin ends by match:cancelled alone', async () => {
  const world = await startWorld({ modes: [duel] })
  const [ann, bob] = await world.matched('ann', 'bob')
  const { matchId } = world.offers(bob)
  await ann.joins(matchId)
  await ann.asks('match:leave')
  for (const player of [ann, bob]) {
    expect(await player.hears('match:cancelled')).toMatchObject({ matchId, reason: 'declined' })
    expect(await player.heardSoFar('match:ended')).toEqual([])
  }
})
