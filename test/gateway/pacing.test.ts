import { expect, test } from 'vitest'
import { createWorkBudgets } from '../../src/gateway/guard/work-budgets.ts'
import { admin } from '../../src/protocol/events/admin.ts'
import { lobby } from '../../src/protocol/events/lobby.ts'
import { match } from '../../src/protocol/events/match.ts'
import { FakeClock } from '../support/clock.ts'
import { rawConnection } from '../support/raw.ts'
import { startWorld } from '../support/world.ts'

const LIMITED = { ok: false, error: expect.objectContaining({ code: 'RATE_LIMITED', retryable: true }) }

test('[DR26] costly requests are declared', () => {
  const costly = [lobby, match, admin].flatMap(({ requests }) =>
    Object.entries(requests).flatMap(([event, { work }]: [string, { work?: number }]) => (work ? [event] : [])),
  )
  expect(costly).toEqual(
    expect.arrayContaining(
      ['queue:explain', 'lobby:list', 'lobby:quick', 'leaderboard:get', 'chat:history', 'player:get'].concat(
        'match:join',
        'match:sync',
      ),
    ),
  )
})

test('[DR26] costly requests of all tabs of a player count together, and other players are not affected', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const tab = await world.again(ann)
  let asked = 0
  const draws = async () => (await (++asked % 2 ? ann : tab).asks('lobby:list')).ok
  while (await draws());
  expect(asked).toBeGreaterThan(50)
  const refused = await tab.asks('lobby:list')
  expect(refused).toEqual(LIMITED)
  expect(await ann.asks('queue:leave')).toMatchObject({ error: { code: 'NOT_QUEUED' } })
  expect(await bob.asks('lobby:list')).toMatchObject({ ok: true })
  await world.clock.advance(refused.error.retryAfterMs)
  expect(await tab.asks('lobby:list')).toMatchObject({ ok: true })
  expect(await ann.asks('lobby:list')).toEqual(LIMITED)
})

test('[DR26] a list every second and the match after each reconnect stay within the budget', async () => {
  const world = await startWorld()
  const { group } = await world.playing('ann', 'bob')
  for (let n = 0; n < 100; n++) {
    await world.clock.advance(1_000)
    expect(await group[0].asks('lobby:list')).toMatchObject({ ok: true })
    expect(await group[0].asks('match:sync', { since: { epoch: 1, seq: 0 } })).toMatchObject({ ok: true })
  }
})

test('[DR26] a client that goes on with refused costly requests is cut, one that slows down is not', async () => {
  const world = await startWorld()
  const [ann, bob] = await world.players('ann', 'bob')
  const asksEachSecond = async (player: typeof ann, times: number) => {
    for (let n = 0; n < times; n++) player.lobby.emit('lobby:list', {})
    await player.heardSoFar('refused').catch(() => {})
    await world.clock.advance(1_000)
  }
  for (let second = 0; second < 20 && ann.lobby.connected; second++) await asksEachSecond(ann, 95)
  expect(await ann.hears('session:ended')).toMatchObject({ code: 'RATE_LIMITED' })
  for (let second = 0; second < 20; second++) await asksEachSecond(bob, 30)
  expect(await bob.asks('lobby:list')).toMatchObject({ ok: true })
})

test('[DR26] a reply costs by its bytes, and a debt delays the next request', () => {
  const clock = new FakeClock()
  const workBudgets = createWorkBudgets(clock)
  for (let n = 0; n < 4; n++) {
    expect(workBudgets.pay('ann', 4)).toBe(0)
    workBudgets.charge('ann', 400_000)
  }
  expect(workBudgets.pay('ann', 4)).toBeCloseTo(106.25)
  expect(workBudgets.pay('bob', 4)).toBe(0)
})

test('[DR26] [CL2] full budgets are deleted', async () => {
  const clock = new FakeClock()
  const workBudgets = createWorkBudgets(clock)
  for (let n = 0; n < 1_500; n++) workBudgets.pay(`p${n}`, 4)
  expect(workBudgets.size()).toBe(1_500)
  await clock.advance(1_000)
  for (let n = 0; n < 1_000; n++) workBudgets.pay(`q${n}`, 4)
  expect(workBudgets.size()).toBeLessThanOrEqual(1_001)
})

test('[DR27] requests sent before leaving are served, even those that waited', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const raw = await rawConnection(world)
  raw.send(`40/lobby,{"token":"${ann.session.token}"}`)
  await raw.hears('42/lobby,["session"')
  raw.sendTogether([
    '42/lobby,["queue:join",{"mode":"duel"}]',
    '42/lobby,["queue:leave",{}]',
    '42/lobby,["party:create",{}]',
    '41/lobby,',
  ])
  await ann.hears('queue:ended')
  await ann.hears('party:state')
  expect(await ann.asks('party:create')).toMatchObject({ error: { code: 'ALREADY_IN_PARTY' } })
})

test('[DR27] replies to one socket come in the order of its requests', async () => {
  const world = await startWorld()
  const ann = await world.player('ann')
  const answered: number[] = []
  const asks = (n: number) => ann.asks(n % 3 ? 'queue:leave' : 'lobby:list').then(() => answered.push(n))
  await Promise.all(Array.from({ length: 90 }, (_, n) => asks(n)))
  expect(answered).toEqual(Array.from({ length: 90 }, (_, n) => n))
})
