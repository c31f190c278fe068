import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

test('[MT11] members who stayed and members who came back have the same gapless log', async () => {
  const world = await startWorld()
  const { group, matchId } = await world.playing('ann', 'bob')
  const [ann, bob] = group
  const { epoch, seq } = await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  bob.drops()
  const missed = [await ann.hears('match:event')]
  const returned = await world.again(bob)
  const joined = await returned.joins(matchId, { since: { epoch, seq } })
  missed.push(await ann.hears('match:event'))
  expect(joined.events).toEqual(missed)
  expect(missed.map((line) => line.seq)).toEqual([seq + 1, seq + 2])
  expect(joined).toMatchObject({ epoch, seq: seq + 2 })
  const whole = await ann.asks('match:sync', { since: { epoch: 1, seq: 0 } })
  expect(whole.events.map((line: { seq: number }) => line.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('[MT11] a position of another epoch or from the future gets the view alone', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  for (const since of [
    { epoch: 9, seq: 1 },
    { epoch: 1, seq: 999 },
  ]) {
    expect(await group[0].asks('match:sync', { since })).toMatchObject({
      ok: true,
      events: [],
      match: { state: 'playing' },
    })
  }
})

test('[MT11] a joiner hears nothing before the reply and misses nothing after it', async () => {
  const world = await startWorld({ modes: [{ id: 'crowd', players: { min: 8, max: 8 }, countdownMs: 0 }] })
  const group = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(world.player))
  const matchId = await world.queue(group)
  const replies = await Promise.all(group.map((player) => player.joins(matchId)))
  for (const [n, player] of group.entries()) {
    const { seq } = await player.asks('match:sync', { since: { epoch: 1, seq: 0 } })
    const heard = await player.heardSoFar('match:event')
    const expected = Array.from({ length: seq - replies[n].seq }, (_, i) => replies[n].seq + 1 + i)
    expect(heard.map((line) => line.seq)).toEqual(expected)
  }
})
