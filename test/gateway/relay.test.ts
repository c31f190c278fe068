import { expect, test } from 'vitest'
import { startWorld } from '../support/world.ts'

const trio = [{ id: 'trio', players: { min: 3, max: 3 }, countdownMs: 0 }]

async function threePlayers(modes = trio) {
  const world = await startWorld({ modes })
  const group = await Promise.all(['ann', 'bob', 'cat'].map(world.player))
  const matchId = await world.queue(group)
  for (const player of group) await player.joins(matchId)
  const [ann, bob, cat] = group
  if (!ann || !bob || !cat) throw new Error('three players expected')
  return { world, ann, bob, cat, matchId }
}

test('[RL1] a message reaches everyone else and never its sender', async () => {
  const { ann, bob, cat } = await threePlayers()
  ann.sends({ x: 1, y: [true, null, 'é'] })
  for (const player of [bob, cat])
    expect(await player.hears('match:message')).toEqual([0, { x: 1, y: [true, null, 'é'] }])
  expect(await ann.heardSoFar('match:message')).toEqual([])
})

test('[RL1] a message to given seats reaches only those', async () => {
  const { ann, bob, cat } = await threePlayers()
  ann.sends('psst', [2])
  expect(await cat.hears('match:message')).toEqual([0, 'psst'])
  expect(await bob.heardSoFar('match:message')).toEqual([])
  ann.sends('to nobody', [])
  ann.sends('to myself', [0])
  for (const player of [ann, bob, cat]) expect(await player.heardSoFar('match:message')).toEqual([])
})

test('[RL1] the sender’s other tabs hear a message, the sending socket does not', async () => {
  const { world, ann, bob, matchId } = await threePlayers()
  const secondTab = await world.again(ann)
  await secondTab.joins(matchId)
  ann.sends(1)
  expect(await secondTab.hears('match:message')).toEqual([0, 1])
  expect(await bob.hears('match:message')).toEqual([0, 1])
})

test('[RL2] any JSON arrives unchanged', async () => {
  const { ann, bob } = await threePlayers()
  const values = [
    null,
    true,
    0,
    -1.5e-7,
    '',
    '"\\\u2028 \u{1F600}',
    [],
    {},
    [[[[[[[1]]]]]]],
    { 'a b': { c: [] } },
    'x'.repeat(9_000),
  ]
  for (const value of values) ann.sends(value)
  for (const value of values) expect(await bob.hears('match:message')).toEqual([0, value])
})

test('[RL2] binary data is relayed in modes that allow it and refused in others', async () => {
  const { ann, bob, cat } = await threePlayers([{ ...trio[0], relay: { binary: true } } as (typeof trio)[0]])
  const bytes = Buffer.from([0, 1, 254, 255])
  ann.sends({ at: 5, bytes })
  for (const player of [bob, cat]) expect(await player.hears('match:message')).toEqual([0, { at: 5, bytes }])
  const strict = await threePlayers()
  strict.ann.sends(bytes)
  expect(await strict.ann.hears('refused')).toMatchObject({ event: 'match:send', error: { code: 'BAD_REQUEST' } })
  expect(await strict.bob.heardSoFar('match:message')).toEqual([])
})

test('[RL3] messages of one sender arrive in order, on the fast path and through Socket.IO', async () => {
  const { ann, bob } = await threePlayers([{ ...trio[0], relay: { binary: true } } as (typeof trio)[0]])
  for (let n = 0; n < 200; n++) ann.sends(n % 7 === 0 ? { n, bytes: Buffer.alloc(100) } : { n })
  for (let n = 0; n < 200; n++) expect((await bob.hears('match:message'))[1].n).toBe(n)
})

test('[DR4] the ack of a message is optional and carries its refusal', async () => {
  const { ann, bob } = await threePlayers()
  expect(await ann.match.emitWithAck('match:send', 1)).toEqual({ ok: true })
  expect(await ann.match.emitWithAck('match:send', 1, [1])).toEqual({ ok: true })
  expect(await bob.hears('match:message')).toEqual([0, 1])
  for (const args of [[], [1, 'two'], [1, [1.5]], [1, [-1]], [1, [1], 3]]) {
    expect(await ann.match.emitWithAck('match:send', ...args)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  }
})

test('[RL4] a sender of too many messages is slowed down, then cut; others are not affected', async () => {
  const { ann, bob, cat } = await threePlayers()
  for (let n = 0; n < 1_010; n++) ann.sends(n)
  expect(await ann.hears('refused')).toMatchObject({
    error: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 4 },
  })
  for (let n = 0; n < 1_000; n++) ann.sends(n)
  await ann.hears('disconnect')
  expect(await bob.hears('match:event', ({ type }) => type === 'player.away')).toMatchObject({ seat: 0 })
  expect((await bob.heardSoFar('match:message')).length).toBe(1_000)
  bob.sends('still here')
  await cat.hears('match:message', (seat) => seat === 1)
})

test('a socket outside a match cannot send into it', async () => {
  const { world, bob } = await threePlayers()
  const eve = await world.player('eve')
  eve.match.connect()
  expect(await eve.match.emitWithAck('match:send', 'hello')).toMatchObject({ error: { code: 'NOT_IN_MATCH' } })
  expect(await bob.heardSoFar('match:message')).toEqual([])
})
