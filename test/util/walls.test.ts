import { expect, test } from 'vitest'
import { steadyClock } from '../../src/system/steady-clock.ts'
import { visitEach, walledListener } from '../../src/util/walls.ts'
import { FakeClock } from '../support/clock.ts'
import { startWorld } from '../support/world.ts'

const bug = (): never => {
  throw new Error('a bug of ours')
}
function listened() {
  const errors: object[] = []
  const quiet = () => {}
  return {
    errors,
    log: { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void errors.push(fields) },
  }
}

test('[OP41] a timer that fails is logged, and other timers run', async () => {
  const { errors, log } = listened()
  const fake = new FakeClock()
  const clock = steadyClock(fake, log)
  const rung: string[] = []
  clock.at(clock.now() + 1, bug)
  clock.at(clock.now() + 1, async () => bug())
  clock.at(clock.now() + 2, () => void rung.push('the next'))
  await fake.advance(5)
  clock.stop()
  expect(rung).toEqual(['the next'])
  expect(errors).toHaveLength(2)
})

test('[OP41] an item whose visit fails does not keep the others from being visited', () => {
  const visited: number[] = []
  const visit = (n: number) => {
    visited.push(n)
    if (n === 2) bug()
  }
  expect(() => visitEach([1, 2, 3], visit)).toThrow('a bug of ours')
  expect(visited).toEqual([1, 2, 3])
})

test('[OP41] a listener that fails does not affect the event that it hears', () => {
  const { errors, log } = listened()
  const walled = walledListener({ ended: bug, gone: () => {} }, log)
  walled.ended()
  walled.gone()
  expect(errors).toMatchObject([{ told: 'ended' }])
})

test('[MT70] a fault in a listener of matches leaves the match running and stored', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 }, mayFail: true })
  const { lobbies, social } = world.server
  const { ended } = lobbies.news
  const { changed } = social.watching
  Object.assign(lobbies.news, { ended: bug })
  Object.assign(social.watching, { changed: bug })
  const { group, matchId } = await world.playing('ann', 'bob')
  expect(await group[0].asks('match:act', { type: 'go' })).toMatchObject({ ok: true })
  for (const player of group) {
    await player.asks('match:finish', { result: { placements: [[0], [1]] } })
  }
  expect(await group[0].hears('match:event', ({ type }) => type === 'result.final')).toMatchObject({
    matchId,
    outcome: 'completed',
  })
  expect(world.logged.some(({ level }) => level === 'error')).toBe(true)
  Object.assign(lobbies.news, { ended })
  Object.assign(social.watching, { changed })
})
